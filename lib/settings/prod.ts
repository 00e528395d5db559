import { functionDefaults } from './functions.ts';
import type { StageSettings } from './schema.ts';

/** Survives the loss of a zone and keeps what people wrote, whatever happens to the stacks. */
export const prod: StageSettings = {
  stage: 'prod',
  auth: 'guest',
  logLevel: 'info',
  keepData: true,
  // A quarter, for what is found out late.
  logRetentionDays: 90,
  network: { cidr: '10.78.0.0/16', zones: 3, endpointZones: 3 },
  kafka: {
    source: 'new',
    // Without ZooKeeper, which ends with 3.9 (docs/adr/0013); the same release as the other stages are tried on.
    version: '3.9.x.kraft',
    // The smallest that takes 100 new connections a second with IAM; t3 takes 4 and is for development.
    brokerType: 'kafka.m7g.large',
    brokers: 3,
    // A million turns are about 4 GB of records with their replicas; 100 GB hold three days of millions.
    diskGb: 100,
  },
  topics: {
    // Divides over 3 brokers, and is more than the 20 batches side by side of four pollers with 5 calls each.
    partitions: 24,
    replicationFactor: 3,
    // With acks=all: an accepted record stands on two brokers, and one may be in maintenance.
    minInsyncReplicas: 2,
    // A weekend: what was produced on Friday evening is there on Monday, whatever stood still.
    retentionHours: 72,
    // Two weeks, of which somebody may be on holiday for one.
    deadLetterRetentionHours: 336,
  },
  eventSource: {
    mode: 'provisioned',
    // One for the case of the other's zone failing; four take 20 batches of 100 at a time.
    minimumPollers: 2,
    maximumPollers: 4,
    batchSize: 100,
    retryAttempts: 5,
    maxRecordAgeSeconds: 3600,
  },
  functions: {
    ...functionDefaults,
    // Each call holds a connection to the model for seconds: 300 side by side are about 75 turns a second at 4 s, and
    // leave most of an account's default 1,000 to the functions in the answer's way.
    conversation: { ...functionDefaults.conversation, reservedConcurrency: 300 },
    // Never two at once, whatever EventBridge repeats.
    sweep: { ...functionDefaults.sweep, reservedConcurrency: 1 },
  },
  model: { name: 'gpt-3.5-turbo' },
  // Half of an account's default 10,000 a second would be the Region's whole; this leaves others room.
  api: { requestsPerSecond: 1000, burst: 2000 },
  webSocketLogs: 'account',
  site: { accessLogs: true, originSecretVersion: 1 },
  // Two sweeps; and what people who pay stand for a long answer.
  alarms: { lagSeconds: 120, turnSeconds: 45 },
};
