import * as z from 'zod';

const m5Sizes = ['large', 'xlarge', '2xlarge', '4xlarge', '8xlarge', '12xlarge', '16xlarge', '24xlarge'] as const;
const m7gSizes = ['large', 'xlarge', '2xlarge', '4xlarge', '8xlarge', '12xlarge', '16xlarge'] as const;

/** MSK's standard brokers. Express ones take other settings (no disk, three replicas always) and are not offered. */
export const brokerTypes = [
  'kafka.t3.small',
  ...m5Sizes.map((size) => `kafka.m5.${size}` as const),
  ...m7gSizes.map((size) => `kafka.m7g.${size}` as const),
] as const;

export type BrokerType = (typeof brokerTypes)[number];

const awsId = (kind: string): RegExp => new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`);

/** A cluster that comes and goes with the stage. */
export const newCluster = z.strictObject({
  source: z.literal('new'),
  /** MSK's own name of an Apache Kafka version; `.kraft` at its end is a cluster without ZooKeeper. */
  version: z
    .string()
    .regex(
      /^(3\.([6-9]|\d\d)|[4-9]\.\d+)\.(\d+|x)(\.kraft)?$/,
      'MSK’s name of a version from 3.6 on, such as 3.9.x: topics of AWS::MSK::Topic need it',
    ),
  brokerType: z.enum(brokerTypes, 'a standard broker such as kafka.t3.small or kafka.m7g.large'),
  /** In all; a multiple of `network.zones`. */
  brokers: z.int().min(2).max(15),
  /** Per broker. MSK can grow a disk, never shrink it. */
  diskGb: z.int().min(1).max(16384),
});

/** The first versions of MSK with KRaft, and without ZooKeeper, are 3.7 and 4.0. */
export function metadataOf(version: string): { readonly kraft: boolean; readonly sinceKraft: boolean } {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return { kraft: major >= 4 || version.endsWith('.kraft'), sinceKraft: major > 3 || minor >= 7 };
}

/** Somebody's cluster, in their VPC. */
export const existingCluster = z.strictObject({
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
