import * as z from 'zod';
import { functionNames } from '../functions/names.ts';

/** Retentions CloudWatch Logs accepts, in days; others fail at deployment only. */
const logRetentions = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const;

const awsId = (kind: string): RegExp => new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`);

const newCluster = z.strictObject({
  source: z.literal('new'),
  /** MSK's own name of an Apache Kafka version. */
  version: z.string().regex(/^\d+\.\d+\.(\d+|x)(\.kraft)?$/),
  brokerType: z.string().regex(/^kafka\.[a-z0-9]+\.[a-z0-9]+$/),
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
  reservedConcurrency: z.int().min(0).optional(),
});

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
      cidr: z.string().regex(/^\d+\.\d+\.\d+\.\d+\/\d+$/),
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
      domain: z.strictObject({ name: z.string(), certificateArn: z.string().startsWith('arn:') }).optional(),
      webAclArn: z.string().startsWith('arn:').optional(),
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
