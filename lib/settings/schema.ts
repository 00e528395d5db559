import * as z from 'zod';
import { type FunctionName, functionNames } from '../functions/names.ts';
import { faultOfCidr } from './network-address.ts';

/** Retentions CloudWatch Logs accepts, in days; others fail at deployment only. */
const logRetentions = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const;

const awsId = (kind: string): RegExp => new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`);

const newCluster = z.strictObject({
  source: z.literal('new'),
  /** MSK's own name of an Apache Kafka version. */
  version: z
    .string()
    .regex(
      /^(3\.([6-9]|\d\d)|[4-9]\.\d+)\.(\d+|x)(\.kraft)?$/,
      'MSK’s name of a version from 3.6 on, such as 3.9.x: topics of AWS::MSK::Topic need it',
    ),
  brokerType: z
    .string()
    .regex(
      /^kafka\.(t3\.small|m[57]g?\.(\d{1,2}x)?large)$/,
      'a standard broker such as kafka.t3.small or kafka.m7g.large',
    ),
  /** In all; a multiple of `network.zones`. */
  brokers: z.int().min(2).max(15),
  /** Per broker. MSK can grow a disk, never shrink it. */
  diskGb: z.int().min(1).max(16384),
});

const existingCluster = z.strictObject({
  source: z.literal('existing'),
  /** A provisioned cluster with IAM authentication. MSK Serverless has no topic resource, and is refused. */
  clusterArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:kafka:[a-z0-9-]+:\d{12}:cluster\/[^/]+\/[0-9a-f-]+-\d+$/, 'not the ARN of an MSK cluster')
    .refine((arn) => !arn.endsWith('-s1'), 'MSK Serverless has no AWS::MSK::Topic'),
  vpcId: z.string().regex(awsId('vpc')),
  /** The cluster's own subnets, one a zone, with their zones and route tables in the same order. */
  subnetIds: z.array(z.string().regex(awsId('subnet'))).min(2),
  availabilityZones: z.array(z.string()).min(2),
  routeTableIds: z.array(z.string().regex(awsId('rtb'))).min(2),
  /** The cluster's security group; a rule for our functions is added to it. */
  securityGroupId: z.string().regex(awsId('sg')),
  /** False when the VPC already has the endpoints this stage needs (DynamoDB, S3, Lambda). */
  createEndpoints: z.boolean(),
});

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

const behindApis: readonly FunctionName[] = [
  'ws-connect',
  'ws-disconnect',
  'ws-message',
  'ws-resume',
  'http-api',
  'http-message',
];

const sameLength = (...lists: readonly (readonly unknown[])[]): boolean =>
  new Set(lists.map(({ length }) => length)).size === 1;

/** All that differs between two stages. Every number of the built-in ones has its reason beside it. */
export const stageSettings = z
  .strictObject({
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
  })
  .superRefine((settings, context) => {
    const refuse = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    const { kafka, network, topics, eventSource } = settings;
    const cidrFault = kafka.source === 'new' ? faultOfCidr(network.cidr, network.zones) : undefined;
    if (cidrFault !== undefined) refuse(['network', 'cidr'], cidrFault);
    for (const name of behindApis)
      if (settings.functions[name].timeoutSeconds > 28)
        refuse(
          ['functions', name, 'timeoutSeconds'],
          'at most 28: API Gateway waits 29 seconds and then answers for it',
        );
    if (settings.functions.sweep.timeoutSeconds > 55)
      refuse(['functions', 'sweep', 'timeoutSeconds'], 'at most 55: the next one starts after a minute');
    if (kafka.source === 'existing' && !sameLength(kafka.subnetIds, kafka.availabilityZones, kafka.routeTableIds))
      refuse(
        ['kafka', 'subnetIds'],
        'one subnet, zone and route table for each of the cluster’s zones, in the same order',
      );
    if (eventSource.maximumPollers > topics.partitions)
      refuse(
        ['eventSource', 'maximumPollers'],
        `more than topics.partitions (${topics.partitions}): the rest would poll nothing`,
      );
    if (settings.functions.conversation.timeoutSeconds < 20)
      refuse(
        ['functions', 'conversation', 'timeoutSeconds'],
        'at least 20: ten for the model, ten for storing its answer',
      );
    if (settings.auth === 'open' && (settings.stage === 'prod' || settings.keepData))
      refuse(['auth'], '"open" lets anybody read every session: not for the stage prod, nor one that keeps data');
    if (kafka.source === 'new' && kafka.brokers % network.zones !== 0)
      refuse(['kafka', 'brokers'], `must be a multiple of network.zones (${network.zones})`);
    if (kafka.source === 'new' && topics.replicationFactor > kafka.brokers)
      refuse(['topics', 'replicationFactor'], `only ${kafka.brokers} brokers`);
    if (topics.minInsyncReplicas > topics.replicationFactor)
      refuse(['topics', 'minInsyncReplicas'], 'more than replicationFactor: nothing could ever be written');
    if (topics.replicationFactor > 1 && topics.minInsyncReplicas === topics.replicationFactor)
      refuse(['topics', 'minInsyncReplicas'], 'as many as replicas: one broker in maintenance would stop all writing');
    if (eventSource.minimumPollers > eventSource.maximumPollers)
      refuse(['eventSource', 'minimumPollers'], 'more than maximumPollers');
    if (network.endpointZones > network.zones) refuse(['network', 'endpointZones'], 'more than network.zones');
    if (eventSource.maxRecordAgeSeconds > topics.retentionHours * 3600)
      refuse(['eventSource', 'maxRecordAgeSeconds'], 'longer than topics.retentionHours keeps a record');
  });

export type StageSettings = z.infer<typeof stageSettings>;
