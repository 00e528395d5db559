import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';

/** Of what MSK measures of every cluster at the default level, which is free. */
function measured(metricName: string, dimensionsMap: Record<string, string>, statistic: string, minutes = 5): Metric {
  return new Metric({
    namespace: 'AWS/Kafka',
    metricName,
    dimensionsMap,
    statistic,
    period: Duration.minutes(minutes),
  });
}

const ofBroker = (clusterName: string, broker: number): Record<string, string> => ({
  'Cluster Name': clusterName,
  'Broker ID': String(broker),
});

/** Seconds that the oldest record not yet handled has waited, as MSK estimates them. */
export const lagSeconds = (clusterName: string, consumerGroup: string, topic: string): Metric =>
  measured(
    'EstimatedMaxTimeLag',
    { 'Cluster Name': clusterName, 'Consumer Group': consumerGroup, Topic: topic },
    'Maximum',
    1,
  ).with({ label: topic });

/** Brokers that act as the cluster's controller: one, or for the seconds of an election none. */
export const controllers = (clusterName: string): Metric =>
  measured('ActiveControllerCount', { 'Cluster Name': clusterName }, 'Maximum');

/** Partitions without a leader, which nobody can write to or read from. */
export const offlinePartitions = (clusterName: string): Metric =>
  measured('OfflinePartitionsCount', { 'Cluster Name': clusterName }, 'Maximum', 1);

/** Partitions led by a broker that have too few replicas in step to be written to. */
export const underMinIsr = (clusterName: string, broker: number): Metric =>
  measured('UnderMinIsrPartitionCount', ofBroker(clusterName, broker), 'Maximum', 1);

/** Percentage of one broker's disk that holds records; at 100 it takes no more. */
export const diskUsed = (clusterName: string, broker: number): Metric =>
  measured('KafkaDataLogsDiskUsed', ofBroker(clusterName, broker), 'Maximum');

/** Percentage of one broker's CPU that is in use. */
export function cpuUsed(clusterName: string, broker: number): MathExpression {
  const part = (metricName: string): Metric => measured(metricName, ofBroker(clusterName, broker), 'Average');
  return new MathExpression({
    expression: 'FILL(user, 0) + FILL(system, 0)',
    usingMetrics: { user: part('CpuUser'), system: part('CpuSystem') },
    label: `broker ${broker}`,
    period: Duration.minutes(5),
  });
}

/** Minutes of one full CPU that a burstable broker may still use above its baseline. */
export const cpuCredits = (clusterName: string, broker: number): Metric =>
  measured('CPUCreditBalance', ofBroker(clusterName, broker), 'Maximum', 60);
