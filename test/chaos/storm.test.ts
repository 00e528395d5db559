import { expect, it } from 'vitest';
import { type StormReport, storm } from './storm/storm.ts';

const real = process.env.SWITCHBOARD_PARTS === 'real';
/** A failing storm is repeated with `STORM_SEED=<seed>`. */
const seed = Number(process.env.STORM_SEED ?? Math.floor(Math.random() * 1_000_000));

function expectPromises(report: StormReport): void {
  const { options, accepted, ends, modelCalls, failedCalls, destroyedCalls } = report;
  const summary = JSON.stringify(report, null, 2);
  expect(accepted, summary).toBe(Math.ceil(options.messages / options.sessions) * options.sessions);
  expect(report, summary).toMatchObject({ withoutEnd: 0, doubled: 0, gaps: 0, disordered: 0, reused: 0 });
  expect(
    Object.values(ends).reduce((sum, count) => sum + count, 0),
    summary,
  ).toBe(accepted);
  expect(modelCalls, summary).toBeLessThanOrEqual(accepted + failedCalls + destroyedCalls);
  expect(report.deadLetters, summary).toBe(options.poison);
  expect(report.mischief.kills, summary).toBeGreaterThan(0);
}

if (real) {
  it(`bears a long storm on real parts, seed ${seed}`, { timeout: 400_000 }, async () => {
    const options = { seed, parts: 'real', sessions: 50, messages: 1_000, poison: 10, brokerRestarts: 1 } as const;
    expectPromises(await storm({ ...options, rampageMs: 60_000, patienceMs: 300_000 }));
  });
} else {
  it(`bears kills, repeats, cut lines, a bad store and a moody model, seed ${seed}`, { timeout: 90_000 }, async () => {
    const options = { seed, parts: 'embedded', sessions: 6, messages: 48, poison: 5, brokerRestarts: 0 } as const;
    expectPromises(await storm({ ...options, rampageMs: 10_000, patienceMs: 80_000 }));
  });

  it(`bears the loss of everything in the broker, seed ${seed}`, { timeout: 90_000 }, async () => {
    const options = { seed, parts: 'embedded', sessions: 4, messages: 24, poison: 0, brokerRestarts: 1 } as const;
    expectPromises(await storm({ ...options, rampageMs: 8_000, patienceMs: 80_000 }));
  });
}
