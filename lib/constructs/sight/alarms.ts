import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { consumerGroups, topics } from '../../names.ts';
import type { LogMetrics } from './log-metrics.ts';
import { diskUsed, failing, givenUp, lagSeconds } from './measures.ts';
import type { SightProps } from './sight.ts';

interface AlarmSpec {
  readonly metric: IMetric;
  /** At or above this, something is wrong. */
  readonly threshold: number;
  /** Periods in a row; 1 for what is wrong at once. */
  readonly periods: number;
  /** What it means, and the first thing to look at: it stands in the mail. */
  readonly description: string;
}

/** All alarms of a stage, to one SNS topic. Silence of a metric is no alarm: most of these count faults. */
export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: SightProps, logged: LogMetrics) {
    super(scope, id);
    const { settings } = props;
    this.topic = new Topic(this, 'Topic', { displayName: `Switchboard ${settings.stage}`, enforceSSL: true });
    if (settings.alarms.email !== undefined) this.topic.addSubscription(new EmailSubscription(settings.alarms.email));
    const action = new SnsAction(this.topic);
    for (const [name, spec] of Object.entries(specs(props, logged)))
      new Alarm(this, name, {
        metric: spec.metric,
        threshold: spec.threshold,
        evaluationPeriods: spec.periods,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
        alarmName: `switchboard-${settings.stage}-${name}`,
        alarmDescription: spec.description,
      }).addAlarmAction(action);
  }
}

function specs(
  { settings, functions, sources, clusterName }: SightProps,
  logged: LogMetrics,
): Record<string, AlarmSpec> {
  const { alarms, kafka, eventSource } = settings;
  const all: Record<string, AlarmSpec> = {
    'requests-lag': {
      metric: lagSeconds(clusterName, consumerGroups.supervisor, topics.requests),
      threshold: alarms.lagSeconds,
      periods: 3,
      description: 'Questions wait in Kafka. Look at the supervisor: errors, throttles, a poison record.',
    },
    'responses-lag': {
      metric: lagSeconds(clusterName, consumerGroups.responder, topics.responses),
      threshold: alarms.lagSeconds,
      periods: 3,
      description: 'Answers wait in Kafka. Look at the responder: errors, throttles, a poison record.',
    },
    'dead-letters': {
      metric: logged.metric('DeadLetters', 'Sum'),
      threshold: 1,
      periods: 1,
      description:
        'A record was set aside with its reason: read it in the dead-letter topic, send it again or drop it.',
    },
    'failed-ends': {
      metric: logged.metric('FailedEnds', 'Sum'),
      threshold: 5,
      periods: 1,
      description: 'People get "failed" for answers. Look at the conversation function: the model or its key.',
    },
    'slow-turns': {
      metric: logged.metric('TurnMs', 'p99'),
      threshold: alarms.turnSeconds * 1000,
      periods: 3,
      description: 'One turn in a hundred takes too long, the model included. Look at the model first, then at lag.',
    },
    'push-errors': {
      metric: logged.metric('PushErrors', 'Sum'),
      threshold: 10,
      periods: 2,
      description: 'Sockets did not take frames (closed ones do not count). Clients catch up by resume.',
    },
    'sweep-findings': {
      metric: logged.metric('SweepFindings', 'Sum'),
      threshold: 10,
      periods: 3,
      description: 'The sweep keeps finding questions nobody was at work on: something dies or loses records.',
    },
  };
  for (const [name, fn] of Object.entries(functions))
    all[`${name}-failing`] = {
      metric: failing(fn, name),
      threshold: 1,
      periods: 2,
      description: `Calls of ${name} fail or are throttled, five minutes after five minutes. Look at its log.`,
    };
  if (eventSource.mode === 'provisioned')
    for (const [name, source] of Object.entries(sources))
      all[`${name}-given-up`] = {
        metric: givenUp(source, name),
        threshold: 1,
        periods: 1,
        description: 'The event source gave up on a record and wrote it to the dead-letter topic itself.',
      };
  if (kafka.source === 'new')
    for (let broker = 1; broker <= kafka.brokers; broker += 1)
      all[`broker-${broker}-disk`] = {
        metric: diskUsed(clusterName, broker),
        threshold: 80,
        periods: 1,
        description: 'A broker fills its disk. Raise kafka.diskGb (it can never shrink) or lower the retention.',
      };
  return all;
}
