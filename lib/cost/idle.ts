import * as price from './prices.ts';
import type { Resource, Template } from './template.ts';
import { allResources } from './template.ts';

/** One thing that costs by the hour or month, used or not. */
export interface IdleItem {
  readonly what: string;
  readonly count: number;
  /** US dollars a month for all of them; undefined where the price of one is not known. */
  readonly monthly: number | undefined;
}

/** What a stage costs in a month in which nobody writes a word. Highest first, and before all what has no price. */
export function idleItems(templates: readonly Template[]): IdleItem[] {
  const resources = templates.flatMap(allResources);
  const items = [
    ...resources.flatMap(clusters),
    eventPollers(resources),
    endpoints(resources),
    item('NAT gateway', ofType(resources, 'AWS::EC2::NatGateway').length, price.natGatewayHour * price.hoursAMonth),
    item('secret', ofType(resources, 'AWS::SecretsManager::Secret').length, price.secretMonth),
    item(
      'alarm (by metric)',
      sum(ofType(resources, 'AWS::CloudWatch::Alarm').map(metricsOf)),
      price.cloudWatch.alarmMetric,
    ),
    item('dashboard', ofType(resources, 'AWS::CloudWatch::Dashboard').length, price.cloudWatch.dashboard),
    item('custom metric', metricsOfLogs(resources), price.cloudWatch.customMetric),
    // What brokers say of themselves differs; half a gigabyte is more than a quiet one does.
    item('broker logs, 0.5 GB', brokersOf(resources), 0.5 * price.cloudWatch.logsGb),
    sweeps(resources),
  ];
  const weight = ({ monthly }: IdleItem): number => monthly ?? Number.MAX_VALUE;
  return items.filter(({ count }) => count > 0).sort((a, b) => weight(b) - weight(a));
}

/** In all; undefined where a price is not known, for a sum without it would mislead. */
export function idleMonthly(templates: readonly Template[]): number | undefined {
  const monthly = idleItems(templates).map((one) => one.monthly);
  return monthly.includes(undefined) ? undefined : sum(monthly.map(Number));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const ofType = (resources: readonly Resource[], type: string): Resource[] =>
  resources.filter((resource) => resource.Type === type);
const item = (what: string, count: number, each: number): IdleItem => ({ what, count, monthly: count * each });
const priceOf = (type: string): number | undefined => (price.broker as Readonly<Record<string, number>>)[type];

function clusters({ Type, Properties = {} }: Resource): IdleItem[] {
  if (Type !== 'AWS::MSK::Cluster') return [];
  const brokers = Number(Properties.NumberOfBrokerNodes);
  const group = Properties.BrokerNodeGroupInfo as {
    InstanceType: string;
    StorageInfo?: { EBSStorageInfo?: { VolumeSize?: number } };
  };
  const hourly = priceOf(group.InstanceType);
  const disk = group.StorageInfo?.EBSStorageInfo?.VolumeSize ?? 0;
  return [
    hourly === undefined
      ? { what: `no price for ${group.InstanceType} in lib/cost/prices.ts`, count: brokers, monthly: undefined }
      : item(`MSK broker ${group.InstanceType}`, brokers, hourly * price.hoursAMonth),
    item(`MSK disk, ${disk} GB`, brokers, disk * price.brokerDiskGbMonth),
  ];
}

/** Mappings of one group share units; a mapping without a group has its own. */
function eventPollers(resources: readonly Resource[]): IdleItem {
  const pollers = new Map<string, number>();
  for (const [index, { Properties = {} }] of ofType(resources, 'AWS::Lambda::EventSourceMapping').entries()) {
    const config = Properties.ProvisionedPollerConfig as
      | { MinimumPollers?: number; PollerGroupName?: string }
      | undefined;
    if (config === undefined) continue;
    const group = config.PollerGroupName ?? `#${index}`;
    pollers.set(group, (pollers.get(group) ?? 0) + (config.MinimumPollers ?? 1));
  }
  const units = sum([...pollers.values()].map((count) => Math.ceil(count / price.lambda.pollersAUnit)));
  return item('event poller unit', units, price.lambda.eventPollerUnitHour * price.hoursAMonth);
}

function endpoints(resources: readonly Resource[]): IdleItem {
  const zones = ofType(resources, 'AWS::EC2::VPCEndpoint')
    .filter(({ Properties = {} }) => Properties.VpcEndpointType === 'Interface')
    .map(({ Properties = {} }) => (Properties.SubnetIds as unknown[]).length);
  return item('interface endpoint (by zone)', sum(zones), price.interfaceEndpointHour * price.hoursAMonth);
}

const metricsOf = ({ Properties = {} }: Resource): number => {
  const metrics = Properties.Metrics as readonly { MetricStat?: unknown }[] | undefined;
  return metrics === undefined ? 1 : metrics.filter(({ MetricStat }) => MetricStat !== undefined).length;
};

/** Filters may feed one metric from several log groups. */
function metricsOfLogs(resources: readonly Resource[]): number {
  const names = ofType(resources, 'AWS::Logs::MetricFilter').flatMap(({ Properties = {} }) =>
    (Properties.MetricTransformations as readonly { MetricName: string }[]).map(({ MetricName }) => MetricName),
  );
  return new Set(names).size;
}

const brokersOf = (resources: readonly Resource[]): number =>
  sum(ofType(resources, 'AWS::MSK::Cluster').map(({ Properties = {} }) => Number(Properties.NumberOfBrokerNodes)));

/** The scheduled function finds nothing to do: 0.1 s and eight empty index queries of half a unit each. */
function sweeps(resources: readonly Resource[]): IdleItem {
  const rules = ofType(resources, 'AWS::Events::Rule').filter(
    ({ Properties = {} }) => Properties.ScheduleExpression === 'rate(1 minute)',
  );
  const once = price.lambda.request + 0.1 * 0.25 * price.lambda.gbSecond + 8 * 0.5 * price.dynamoDb.read;
  return item('sweep, every minute', rules.length, price.minutesAMonth * once);
}
