import { expect, it } from 'vitest';
import { Turn } from '../../support/turn.ts';

/** Operations and rows read of one more turn. */
async function costOf(turn: Turn): Promise<{ operations: number; rowsRead: number }> {
  const { operations, rowsRead } = turn;
  await turn.run('And then?');
  return { operations: turn.operations - operations, rowsRead: turn.rowsRead - rowsRead };
}

it('a turn late in a session costs what an early one did: what it reads is bounded by the context, not by the history', async () => {
  const turn = new Turn();
  // The first gives the session its title; with the twenty-first the context is full.
  for (let n = 0; n < 21; n += 1) await turn.run('And then?');
  const early = await costOf(turn);
  for (let n = 0; n < 40; n += 1) await turn.run('And then?');
  expect(await costOf(turn)).toEqual(early);
  expect(early.rowsRead).toBeLessThan(60);
});
