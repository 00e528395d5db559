import { Duration } from 'aws-cdk-lib';
import type { HttpApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { EventSourceMapping, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

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

/** Milliseconds for which the oldest event of an asynchronous call waited until its function began. */
export const eventAge = (fn: LambdaFunction): Metric =>
  fn.metric('AsyncEventAge', { statistic: 'Maximum', period: Duration.minutes(1) });

const sumOfFive = { statistic: 'Sum', period: Duration.minutes(5) };

/** Calls that the HTTP API answered with 5xx, its functions' own included. */
export const failedCalls = (api: HttpApi): Metric => api.metricServerError(sumOfFive);

/** Messages whose function could not be called; what it answers itself, such as a refused handshake, does not count. */
export const failedSocketCalls = (stage: WebSocketStage): Metric => stage.metric('ExecutionError', sumOfFive);

/** Reads and writes that a table turned away. */
export const throttles = (table: Table): MathExpression =>
  new MathExpression({
    expression: 'FILL(reads, 0) + FILL(writes, 0)',
    usingMetrics: {
      reads: table.metric('ReadThrottleEvents', sumOfFive),
      writes: table.metric('WriteThrottleEvents', sumOfFive),
    },
    period: Duration.minutes(5),
  });

/** Writes to a table that two of its indexes turned away; the table's own count leaves them out. */
export function indexThrottles(table: Table, one: string, other: string): MathExpression {
  const writes = (GlobalSecondaryIndexName: string): Metric =>
    table.metric('WriteThrottleEvents', {
      ...sumOfFive,
      dimensionsMap: { TableName: table.tableName, GlobalSecondaryIndexName },
    });
  return new MathExpression({
    expression: 'FILL(one, 0) + FILL(other, 0)',
    usingMetrics: { one: writes(one), other: writes(other) },
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
