import { describe, expect, it } from 'vitest';
import type { Outline } from '../../../lambdas/shared/contracts/log-events.ts';
import { append } from '../../../lambdas/shared/domain/log.ts';
import { randomOf } from '../../support/random.ts';
import { Crash, Steps } from '../../support/steps.ts';
import { InMemoryLog } from '../../support/stores/log.ts';

const at = '2026-01-01T00:00:00.000Z';
const draft = (id: string) => ({ type: 'user' as const, message_id: id, message: id, created_at: at });

function idOf(event: Outline): string {
  return 'message_id' in event ? event.message_id : event.type;
}

function lost(error: unknown): undefined {
  if (!(error instanceof Crash)) throw error;
}

describe('append', () => {
  it('gives concurrent appenders, repeats and crashes the log of some serial order, without gaps or doubles', async () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = randomOf(seed);
      const steps = new Steps(random);
      steps.crashRate = 0.1;
      const store = new InMemoryLog();
      const log = steps.of(store);
      const ids = Array.from({ length: 2 + random.below(10) }, () => random.pick(['a', 'b', 'c', 'd', 'e', 'f']));
      const outcomes = ids.map((id) => append(log, 's', draft(id), 0, (event) => idOf(event) === id).catch(lost));
      await steps.run(outcomes);
      const events = store.events('s');
      expect(
        events.map(({ seq }) => seq),
        `seed ${seed}`,
      ).toEqual(events.map((_, index) => index + 1));
      const placed = events.map(idOf);
      expect(new Set(placed).size, `seed ${seed}`).toBe(placed.length);
      for (const outcome of await Promise.all(outcomes)) {
        if (outcome) expect(placed[outcome.event.seq - 1], `seed ${seed}`).toBe(idOf(outcome.event));
      }
    }
  });

  it('finds its place behind more events than one page holds', async () => {
    const log = new InMemoryLog();
    for (let seq = 1; seq <= 250; seq += 1) await log.putIfAbsent('s', { ...draft(`m${seq}`), seq });
    const again = await append(log, 's', draft('m130'), 0, (event) => idOf(event) === 'm130');
    expect(again).toMatchObject({ appended: false, event: { seq: 130 } });
    const added = await append(log, 's', draft('new'), 0, (event) => idOf(event) === 'new');
    expect(added).toMatchObject({ appended: true, event: { seq: 251 } });
  });
});
