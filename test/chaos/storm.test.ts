import { expect, it } from 'vitest';
import { type StormReport, storm } from './storm/storm.ts';
import { brokenPromises } from './storm/verdict.ts';

const real = process.env.SWITCHBOARD_PARTS === 'real';
/** A failing storm is repeated with `STORM_SEED=<seed>`. */
const seed = Number(process.env.STORM_SEED ?? Math.floor(Math.random() * 1_000_000));

function expectPromises(report: StormReport): void {
  expect(brokenPromises(report), JSON.stringify(report, null, 2)).toEqual([]);
}

if (real) {
  it(`bears a long storm on real parts, seed ${seed}`, { timeout: 400_000 }, async () => {
    const options = {
      seed,
      parts: 'real',
      sessions: 50,
      messages: 1_000,
      poison: 10,
      brokerRestarts: 1,
      leaseMs: 10_000,
    } as const;
    expectPromises(await storm({ ...options, rampageMs: 60_000, killPause: 200, patienceMs: 300_000 }));
  });
} else {
  it(`bears kills, repeats, cut and slow lines, a bad store, a moody model and the loss of the broker, seed ${seed}`, {
    timeout: 180_000,
  }, async () => {
    const options = {
      seed,
      parts: 'embedded',
      sessions: 3,
      messages: 18,
      poison: 5,
      brokerRestarts: 1,
      leaseMs: 2_000,
    } as const;
    expectPromises(await storm({ ...options, rampageMs: 60_000, patienceMs: 170_000 }));
  });
}
