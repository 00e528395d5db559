import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { EventSourceMapping, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** Seconds that the oldest record not yet handled has waited, as MSK estimates them; free at the default level. */
export const lagSeconds = (clusterName: string, consumerGroup: string, topic: string): Metric =>
  new Metric({
    namespace: 'AWS/Kafka',
    metricName: 'EstimatedMaxTimeLag',
    dimensionsMap: { 'Cluster Name': clusterName, 'Consumer Group': consumerGroup, Topic: topic },
    statistic: 'Maximum',
    period: Duration.minutes(1),
    label: topic,
  });

/** Percentage of one broker's disk that holds records; at 100 it takes no more. */
export const diskUsed = (clusterName: string, broker: number): Metric =>
  new Metric({
    namespace: 'AWS/Kafka',
    metricName: 'KafkaDataLogsDiskUsed',
    dimensionsMap: { 'Cluster Name': clusterName, 'Broker ID': String(broker) },
    statistic: 'Maximum',
    period: Duration.minutes(5),
    label: `broker ${broker}`,
  });

/** Calls of a function that failed or were turned away. `name` makes ids that several can share a chart with. */
export function failing(fn: LambdaFunction, name: string): MathExpression {
  const id = name.replaceAll('-', '_');
  const sum = { statistic: 'Sum', period: Duration.minutes(5) };
  return new MathExpression({
    // A metric that nobody wrote is no number, and would make the sum none.
    expression: `FILL(errors_${id}, 0) + FILL(throttles_${id}, 0)`,
    usingMetrics: { [`errors_${id}`]: fn.metricErrors(sum), [`throttles_${id}`]: fn.metricThrottles(sum) },
    label: name,
    period: Duration.minutes(5),
  });
}

/** Events of asynchronous calls that Lambda dropped, or could not hand to their destination. */
export function lostCalls(fn: LambdaFunction, name: string): MathExpression {
  const count = (metricName: string): IMetric =>
    fn.metric(metricName, { statistic: 'Sum', period: Duration.minutes(5) });
  return new MathExpression({
    expression: 'FILL(dropped, 0) + FILL(undelivered, 0)',
    usingMetrics: { dropped: count('AsyncEventsDropped'), undelivered: count('DestinationDeliveryFailures') },
    label: name,
    period: Duration.minutes(5),
  });
}

/** Messages that wait in a queue. */
export const waiting = (queue: IQueue): Metric =>
  queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: Duration.minutes(5) });

/** Records that the event source gave up on and wrote to its dead-letter topic. */
export const givenUp = (source: EventSourceMapping, label: string): Metric =>
  new Metric({
    namespace: 'AWS/Lambda',
    metricName: 'OnFailureDestinationDeliveredEventCount',
    dimensionsMap: { EventSourceMappingUUID: source.eventSourceMappingId },
    statistic: 'Sum',
    period: Duration.minutes(5),
    label,
  });
