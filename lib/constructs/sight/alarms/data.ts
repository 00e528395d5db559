import type { TableName } from '../../../functions/catalogue.ts';
import { indexThrottles, throttles } from '../measures.ts';
import type { SightProps } from '../sight.ts';
import type { AlarmSpec, AlarmSpecs } from './spec.ts';

/**
 * Throttles of the tables. Their system errors have no alarm: clients try again, and what does not pass is an error of the function.
 */
export function ofTables({ tables }: SightProps): AlarmSpecs {
  const throttled = (metric: AlarmSpec['metric'], description: string): AlarmSpec => ({
    metric,
    // In five minutes, three times: a table on demand grows with its load within minutes, and the clients try again till then.
    threshold: 50,
    periods: 3,
    description,
  });
  const ofEach = (Object.keys(tables) as TableName[]).map((name) => [
    `${name}-throttled`,
    throttled(
      throttles(tables[name]),
      `DynamoDB turns away calls to the table of ${name}: one key is too hot, or a limit of the account is reached.`,
    ),
  ]);
  return {
    ...Object.fromEntries(ofEach),
    'indexes-throttled': throttled(
      indexThrottles(tables.sessions, 'owner', 'open'),
      'An index of the sessions table holds up its writes: one owner or one shard of "open" gets too many.',
    ),
  };
}
