import type { LogMetrics } from '../log-metrics.ts';
import { waiting } from '../measures.ts';
import type { SightProps } from '../sight.ts';
import type { AlarmSpecs } from './spec.ts';

/** What people notice, and what was set aside. */
export function ofChats({ settings, lostEvents }: SightProps, logged: LogMetrics): AlarmSpecs {
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
