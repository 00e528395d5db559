import { functionDefaults } from './functions.ts';
import type { StageSettings } from './schema.ts';

/** All behaviour of production on the smallest cluster that can carry it; gone without trace when destroyed. */
export const dev: StageSettings = {
  stage: 'dev',
  auth: 'guest',
  logLevel: 'info',
  keepData: false,
  // Long enough to look into last week's fault.
  logRetentionDays: 7,
  network: {
    // A /16 that meets no usual office or default VPC range; a /24 per zone is far above the few ENIs used.
    cidr: '10.77.0.0/16',
    // The fewest MSK takes.
    zones: 2,
    // One endpoint serves both zones; a second is $7.30 a month for the case of a zone failing.
    endpointZones: 1,
  },
  kafka: {
    source: 'new',
    // The last that kafka.t3.small takes: later ones are KRaft only.
    version: '3.9.x',
    // The cheapest broker. With IAM it accepts 4 new connections a second: a burst of cold starts waits and retries.
    brokerType: 'kafka.t3.small',
    brokers: 2,
    // A day of records of a development stage is some MB; 10 GB leave room for Kafka's own segments.
    diskGb: 10,
  },
  topics: {
    // A partition's records are handled in order, but no handler waits for the model: 6 carry hundreds of turns a second,
    // and divide evenly over 2 or 3 brokers.
    partitions: 6,
    replicationFactor: 2,
    // With 2 replicas, 1: else a broker in maintenance stops all writing. The log in DynamoDB is the truth, and is swept.
    minInsyncReplicas: 1,
    retentionHours: 24,
    // A week to look at what failed and send it again.
    deadLetterRetentionHours: 168,
  },
  eventSource: {
    mode: 'provisioned',
    // Equal, so that nothing rebalances; one poller makes up to 5 calls at a time.
    minimumPollers: 1,
    maximumPollers: 1,
    // A batch fills under load only, for the window is 0; 100 small records stay far below the 6 MB payload.
    batchSize: 100,
    // Faults of a dependency pass within some attempts; what does not goes aside.
    retryAttempts: 5,
    // An answer that comes an hour late helps nobody.
    maxRecordAgeSeconds: 3600,
  },
  functions: functionDefaults,
  model: { name: 'gpt-3.5-turbo' },
  // A handful of people, and a bound on what a leaked URL can cost.
  api: { requestsPerSecond: 50, burst: 100 },
  webSocketLogs: 'create',
  site: { accessLogs: false, originSecretVersion: 1 },
  alarms: {
    // Twice the sweep's period and some: what the sweep mends by itself is no alarm.
    lagSeconds: 180,
    // Half of what an answer may take in all; people have long looked away.
    turnSeconds: 60,
  },
};
