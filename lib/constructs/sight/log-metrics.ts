import { Duration } from 'aws-cdk-lib';
import { Metric, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionName } from '../../functions/names.ts';

interface LogMetric {
  /** Whose lines are counted. */
  readonly from: readonly FunctionName[];
  /** CloudWatch filter over one JSON line of the functions' logger. */
  readonly pattern: string;
  /** Field whose value counts; without it each line is one. */
  readonly value?: string;
  readonly unit: Unit;
}

/**
 * Measures taken from the functions' own log lines: a function writes a line it would write anyway, and makes no call and
 * carries no library for a number. The step names are those of the functions; a test looks each of them up there.
 */
export const logMetrics = {
  FailedEnds: { from: ['responder'], pattern: '{ $.step = "pushed" && $.type = "failed" }', unit: Unit.COUNT },
  DeadLetters: { from: ['supervisor', 'responder'], pattern: '{ $.step = "set aside" }', unit: Unit.COUNT },
  PushErrors: {
    from: ['responder', 'conversation', 'ws-resume', 'http-api'],
    pattern: '{ $.step = "push failed" }',
    unit: Unit.COUNT,
  },
  SweepFindings: { from: ['sweep'], pattern: '{ $.step = "swept" }', value: '$.produced', unit: Unit.COUNT },
  TurnMs: { from: ['responder'], pattern: '{ $.turn_ms > 0 }', value: '$.turn_ms', unit: Unit.MILLISECONDS },
} as const satisfies Readonly<Record<string, LogMetric>>;

export type LogMetricName = keyof typeof logMetrics;

/** The filters that make the measures, and the measures to build alarms and charts on. */
export class LogMetrics extends Construct {
  readonly #namespace: string;

  constructor(scope: Construct, id: string, stage: string, logGroups: Readonly<Record<FunctionName, ILogGroup>>) {
    super(scope, id);
    this.#namespace = `Switchboard/${stage}`;
    for (const [name, metric] of Object.entries<LogMetric>(logMetrics))
      for (const from of metric.from)
        new MetricFilter(this, `${name}-${from}`, {
          logGroup: logGroups[from],
          filterPattern: FilterPattern.literal(metric.pattern),
          metricNamespace: this.#namespace,
          metricName: name,
          metricValue: metric.value ?? '1',
          unit: metric.unit,
        });
  }

  metric(metricName: LogMetricName, statistic: string, minutes = 5): Metric {
    return new Metric({ namespace: this.#namespace, metricName, statistic, period: Duration.minutes(minutes) });
  }
}
