import type { BrokerType } from '../settings/cluster.ts';

/**
 * On-demand list prices in US dollars, us-east-1, without any free tier, as read from AWS's pricing pages on the date
 * below. A month has 730 hours and 43,800 minutes. Check the pages before quoting a figure to somebody.
 */
export const priceDate = '2026-11-22';
export const priceRegion = 'us-east-1';
export const hoursAMonth = 730;
export const minutesAMonth = 43_800;

/**
 * https://aws.amazon.com/msk/pricing/ : per broker and hour; disks per GB and month. The larger sizes are those of AWS's own
 * table for sizing clusters: https://github.com/aws/agent-toolkit-for-aws (`msk_sizing.py`).
 */
export const broker: Readonly<Record<BrokerType, number>> = {
  'kafka.t3.small': 0.0456,
  'kafka.m5.large': 0.21,
  'kafka.m5.xlarge': 0.42,
  'kafka.m5.2xlarge': 0.84,
  'kafka.m5.4xlarge': 1.68,
  'kafka.m5.8xlarge': 3.36,
  'kafka.m5.12xlarge': 5.04,
  'kafka.m5.16xlarge': 6.72,
  'kafka.m5.24xlarge': 10.08,
  'kafka.m7g.large': 0.204,
  'kafka.m7g.xlarge': 0.408,
  'kafka.m7g.2xlarge': 0.816,
  'kafka.m7g.4xlarge': 1.632,
  'kafka.m7g.8xlarge': 3.264,
  'kafka.m7g.12xlarge': 4.896,
  'kafka.m7g.16xlarge': 6.528,
};
export const brokerDiskGbMonth = 0.1;

/** https://aws.amazon.com/lambda/pricing/ : arm64, first tier; an event poller unit moves 20 MB/s and is about ten pollers. */
export const lambda = {
  gbSecond: 0.0000133334,
  request: 0.2e-6,
  eventPollerUnitHour: 0.185,
  pollersAUnit: 10,
} as const;

/** https://aws.amazon.com/privatelink/pricing/ : per endpoint, zone and hour, and per GB through it. */
export const interfaceEndpointHour = 0.01;
export const interfaceEndpointGb = 0.01;

/** https://aws.amazon.com/cloudfront/pricing/ : HTTPS requests and GB out, North America and Europe. */
export const cloudFront = { request: 1e-6, gb: 0.085 } as const;

/** https://aws.amazon.com/vpc/pricing/ : none is in the template; priced so that one would be seen. */
export const natGatewayHour = 0.045;

/** https://aws.amazon.com/api-gateway/pricing/ : a message is up to 32 KB, in either direction. */
export const api = { webSocketMessage: 1e-6, connectionMinute: 0.25e-6, httpRequest: 1e-6 } as const;

/** https://aws.amazon.com/dynamodb/pricing/on-demand/ : per request unit (1 KB written, 4 KB read consistently); kept, by the month. */
export const dynamoDb = { write: 0.625e-6, read: 0.125e-6, storageGbMonth: 0.25, recoveryGbMonth: 0.2 } as const;

/** https://aws.amazon.com/cloudwatch/pricing/ : per GB of logs taken in, and by the month. */
export const cloudWatch = { logsGb: 0.5, alarmMetric: 0.1, customMetric: 0.3, dashboard: 3 } as const;

/** The same page: per GB taken in by a log group of the class Infrequent Access. */
export const infrequentLogsGb = 0.25;

/** https://aws.amazon.com/secrets-manager/pricing/ */
export const secretMonth = 0.4;
