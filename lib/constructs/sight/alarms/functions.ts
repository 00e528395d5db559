import type { FunctionName } from '../../../functions/names.ts';
import { eventAge, failing, lostCalls } from '../measures.ts';
import type { SightProps } from '../sight.ts';
import type { AlarmSpecs } from './spec.ts';

/** Called without waiting, with an event that nobody else would make again at once. */
const carriers: readonly FunctionName[] = ['conversation', 'supervisor'];

export function ofFunctions({ functions }: SightProps): AlarmSpecs {
  const specs: AlarmSpecs = {
    'sweep-silent': {
      metric: functions.sweep.metricInvocations(),
      threshold: 1,
      periods: 2,
      below: 'or-silent',
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
  for (const name of carriers) {
    specs[`${name}-dropped`] = {
      metric: lostCalls(functions[name], name),
      threshold: 1,
      periods: 2,
      description: `Lambda drops events for ${name}, mostly for want of free places: raise its or the account's concurrency.`,
    };
    specs[`${name}-late`] = {
      metric: eventAge(functions[name]),
      // In milliseconds, five minutes on end: people look at nothing meanwhile, and a minute later the event is dropped.
      threshold: 15_000,
      periods: 5,
      description: `Events for ${name} wait for a free place: raise its or the account's concurrency.`,
    };
  }
  return specs;
}
