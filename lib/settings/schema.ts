import * as z from 'zod';
import { functionNames } from '../functions/names.ts';
import { existingCluster, newCluster } from './cluster.ts';
import { contradictions } from './contradictions.ts';
import { zoneName } from './network-address.ts';

/** Retentions CloudWatch Logs accepts, in days; others fail at deployment only. */
const logRetentions = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const;

const functionSettings = z.strictObject({
  memoryMb: z.int().min(128).max(10240),
  timeoutSeconds: z.int().min(1).max(900),
  /** Takes this many out of the account's pool. An account keeps 100 unreserved: new ones have none to give. */
  reservedConcurrency: z
    .int()
    .min(1, 'at least 1: with none the function is switched off')
    .max(
      900,
      'at most 900: an account has 1,000 to begin with, and keeps 100 unreserved; ask AWS for more, then raise this limit',
    )
    .optional(),
});

/** All that differs between two stages. Every number of the built-in ones has its reason beside it. */
const shape = z.strictObject({
  /** Part of every name; short, for function names stop at 64 characters. */
  stage: z.string().regex(/^[a-z][a-z0-9]{0,15}$/, 'a lower-case letter, then at most 15 letters or digits'),
  auth: z.enum(['guest', 'open']),
  /** No higher: alarms and charts count lines of the level info. */
  logLevel: z.enum(['debug', 'info']),
  /**
   * What holds people's words for good (tables, key, logs) outlives the stacks, and no stack can be deleted by accident. The
   * cluster, whose records are some days of the same, goes with its stack.
   */
  keepData: z.boolean(),
  logRetentionDays: z.literal(logRetentions),
  network: z.strictObject({
    cidr: z.string(),
    /** The first so many of the Region, in the order in which AWS lists them to this account. */
    zones: z.int().min(2).max(3),
    /** In their place, where one of those has no brokers of the chosen type. */
    zoneNames: z.array(z.string().regex(zoneName, 'not a zone’s name (us-east-1a) or id (use1-az4)')).optional(),
    /** Zones with an interface endpoint; each costs by the hour. One serves the whole VPC until its zone fails. */
    endpointZones: z.int().min(1).max(3),
  }),
  kafka: z.discriminatedUnion('source', [newCluster, existingCluster]),
  topics: z.strictObject({
    /** Of each of the two chat topics. */
    partitions: z.int().min(1).max(1000),
    replicationFactor: z.int().min(1).max(3),
    minInsyncReplicas: z.int().min(1).max(3),
    retentionHours: z.int().min(1),
    deadLetterRetentionHours: z.int().min(1),
  }),
  eventSource: z.strictObject({
    mode: z.enum(['provisioned', 'on-demand']),
    minimumPollers: z.int().min(1).max(200),
    maximumPollers: z.int().min(1).max(2000),
    batchSize: z.int().min(1).max(10000),
    retryAttempts: z.int().min(0).max(10000),
    maxRecordAgeSeconds: z.int().min(60).max(604800),
  }),
  functions: z.record(z.enum(functionNames), functionSettings),
  model: z.strictObject({
    name: z.string().min(1),
    /** Of another OpenAI-compatible server, reachable from the internet: the conversation function is in no VPC. */
    baseUrl: z.url({ protocol: /^https$/ }).optional(),
    /** A secret that exists; without it the data stack makes an empty one to be filled. */
    secretArn: z.string().startsWith('arn:').optional(),
  }),
  api: z.strictObject({ requestsPerSecond: z.int().min(1), burst: z.int().min(1) }),
  /**
   * WebSocket access logs need a role set once per account and Region. `create` sets it (replacing another, and
   * leaving it behind), `account` relies on it, `off` does without the logs.
   */
  webSocketLogs: z.enum(['create', 'account', 'off']),
  site: z.strictObject({
    /** Logs of CloudFront and of the site bucket, in a bucket of their own. */
    accessLogs: z.boolean(),
    /** Raised to have a new secret between CloudFront and the functions behind it. */
    originSecretVersion: z.int().min(1),
    /** A name of one's own, which has to point to the distribution (`CNAME` or alias), and its certificate. */
    domain: z
      .strictObject({
        name: z.string().regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/, 'not a domain name'),
        certificateArn: z
          .string()
          .regex(
            /^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\/.+$/,
            'not the ARN of a certificate in us-east-1, where CloudFront looks for it',
          ),
      })
      .optional(),
    webAclArn: z
      .string()
      .regex(
        /^arn:aws[a-z-]*:wafv2:us-east-1:\d{12}:global\/webacl\/.+$/,
        'not the ARN of a web ACL for CloudFront (global, us-east-1)',
      )
      .optional(),
  }),
  alarms: z.strictObject({
    email: z.email().optional(),
    /** Age of the oldest record not yet handled. */
    lagSeconds: z.int().min(1),
    /** p99 of a turn, the model included. */
    turnSeconds: z.int().min(1),
  }),
});

/** Well formed, and free of contradictions. */
export const stageSettings = shape.superRefine((settings, context) => {
  for (const { path, message } of contradictions(settings))
    context.addIssue({ code: 'custom', path: [...path], message });
});

export type StageSettings = z.infer<typeof shape>;
