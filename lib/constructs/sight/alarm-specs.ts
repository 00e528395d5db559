import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { FunctionName } from '../../functions/names.ts';
import { consumerGroups, topics } from '../../names.ts';
import type { LogMetrics } from './log-metrics.ts';
import { diskUsed, failing, givenUp, lagSeconds, lostCalls, waiting } from './measures.ts';
import type { SightProps } from './sight.ts';

export interface AlarmSpec {
  readonly metric: IMetric;
  /** At or above this, something is wrong. */
  readonly threshold: number;
  /** Periods in a row; 1 for what is wrong at once. */
  readonly periods: number;
  /** Below the threshold something is wrong, and so is silence. */
  readonly heartbeat?: true;
  /** What it means, and the first thing to look at: it stands in the mail. */
  readonly description: string;
}

type AlarmSpecs = Record<string, AlarmSpec>;

/** Called without waiting, with an event that nobody else would make again at once. */
const carriers: readonly FunctionName[] = ['conversation', 'supervisor'];

/** Every alarm of a stage, by the end of its name. */
export function alarmSpecs(props: SightProps, logged: LogMetrics): AlarmSpecs {
  return { ...ofKafka(props), ...ofChats(props, logged), ...ofFunctions(props) };
}

function ofKafka({ settings, sources, clusterName }: SightProps): AlarmSpecs {
  const { alarms, kafka, eventSource } = settings;
  // Measured by the brokers, so that pollers which fall silent show as well: what they leave grows older.
  const lag = (consumerGroup: string, topic: string, description: string): AlarmSpec => ({
    metric: lagSeconds(clusterName, consumerGroup, topic),
    threshold: alarms.lagSeconds,
    periods: 3,
    description,
  });
  const { supervisor, responder } = consumerGroups;
  const specs: AlarmSpecs = {
    'requests-lag': lag(
      supervisor,
      topics.requests,
      'Questions wait in Kafka. Look at the supervisor: errors, throttles, a poison record; then at its event source.',
    ),
    'responses-lag': lag(
      responder,
      topics.responses,
      'Answers wait in Kafka. Look at the responder: errors, throttles, a poison record; then at its event source.',
    ),
  };
  if (eventSource.mode === 'provisioned')
    for (const [name, source] of Object.entries(sources))
      specs[`${name}-given-up`] = {
        metric: givenUp(source, name),
        threshold: 1,
        periods: 1,
        description: 'The event source gave up on a record and wrote it to the dead-letter topic itself.',
      };
  if (kafka.source === 'new')
    for (let broker = 1; broker <= kafka.brokers; broker += 1)
      specs[`broker-${broker}-disk`] = {
        metric: diskUsed(clusterName, broker),
        // Growing a disk takes MSK up to a day, and at 100 a broker takes no more.
        threshold: 80,
        periods: 1,
        description: 'A broker fills its disk. Raise kafka.diskGb (it can never shrink) or lower the retention.',
      };
  return specs;
}

function ofChats({ settings, lostEvents }: SightProps, logged: LogMetrics): AlarmSpecs {
  return {
    'dead-letters': {
      metric: logged.metric('DeadLetters', 'Sum'),
      threshold: 1,
      periods: 1,
      description:
        'A record was set aside with its reason: read it in the dead-letter topic, send it again or drop it.',
    },
    'lost-events': {
      metric: waiting(lostEvents),
      threshold: 1,
      periods: 1,
      description:
        'A record that was to be set aside could not be written to Kafka, and waits in the queue LostEvents.',
    },
    'failed-ends': {
      metric: logged.metric('FailedEnds', 'Sum'),
      // In five minutes: a model has its bad moments, five are a state.
      threshold: 5,
      periods: 1,
      description: 'People get "failed" for answers. Look at the conversation function: the model or its key.',
    },
    'slow-turns': {
      metric: logged.metric('TurnMs', 'p99'),
      threshold: settings.alarms.turnSeconds * 1000,
      periods: 3,
      description: 'One turn in a hundred takes too long, the model included. Look at the model first, then at lag.',
    },
    'push-errors': {
      metric: logged.metric('PushErrors', 'Sum'),
      // In five minutes, twice: a lost network on a phone is one.
      threshold: 10,
      periods: 2,
      description: 'Sockets did not take frames (closed ones do not count). Clients catch up by resume.',
    },
    'sweep-findings': {
      metric: logged.metric('SweepFindings', 'Sum'),
      // In five minutes, three times: a deployment or a dead process leaves a few, once.
      threshold: 10,
      periods: 3,
      description: 'The sweep keeps finding questions nobody was at work on: something dies or loses records.',
    },
  };
}

function ofFunctions({ functions }: SightProps): AlarmSpecs {
  const specs: AlarmSpecs = {
    'sweep-silent': {
      metric: functions.sweep.metricInvocations(),
      threshold: 1,
      periods: 2,
      heartbeat: true,
      description:
        'The sweep has not run for ten minutes: nobody picks up what a dead process dropped. Look at its rule.',
    },
  };
  for (const [name, fn] of Object.entries(functions))
    specs[`${name}-failing`] = {
      metric: failing(fn, name),
      threshold: 1,
      periods: 2,
      description: `Calls of ${name} fail or are throttled, five minutes after five minutes. Look at its log.`,
    };
  for (const name of carriers)
    specs[`${name}-dropped`] = {
      metric: lostCalls(functions[name], name),
      threshold: 1,
      periods: 2,
      description: `Lambda drops events for ${name}, mostly for want of free places: raise its or the account's concurrency.`,
    };
  return specs;
}
