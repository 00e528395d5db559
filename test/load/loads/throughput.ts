import { closedLoop, openLoop } from '../arrivals.ts';
import { type Bench, closeLines, openLines, questions } from '../bench.ts';
import { summarize } from '../percentiles.ts';
import { threadsBetween } from '../usage.ts';

const sessions = 200;
const delayMs = 200;
/** Turns a second that are offered. */
const rate = 30;

/** 200 sessions and a model that takes 200 ms: at a rate that is offered whatever happens, and as fast as it goes. */
export async function throughput(bench: Bench): Promise<void> {
  const { model, metrics, effort, system, usage, say } = bench;
  model.pace = { delayMs, words: 40 };
  const lines = await openLines(system, sessions);
  const next = questions('throughput');
  await openLoop(rate / 2, effort.warmUpSeconds, async (index) => void (await lines[index % sessions]?.ask(next())));
  for (let round = 0; round < effort.rounds; round += 1) {
    const turns: number[] = [];
    const before = usage();
    const begin = performance.now();
    await openLoop(rate, effort.seconds, async (index, due) => {
      const answered = await lines[index % sessions]?.ask(next(), 120_000);
      if (answered?.ok) turns.push(answered.endAt - due);
    });
    const seconds = (performance.now() - begin) / 1000;
    const after = usage();
    const { p50, p95 } = summarize(turns);
    const name = `200 sessions, 200 ms model, ${rate} turns/s offered`;
    metrics.add(`${name}: answered`, turns.length / seconds, { unit: '/s', better: 'more' });
    metrics.add(`${name}: p50`, p50, { unit: 'ms', better: 'less', target: 350 });
    metrics.add(`${name}: p95`, p95, { unit: 'ms', better: 'less', target: 600 });
    if (!before || !after) continue;
    metrics.add(`${name}: CPU per turn`, (after.cpuMs - before.cpuMs) / turns.length, {
      unit: 'ms',
      better: 'less',
      target: 35,
    });
    metrics.add('resident, 200 busy sessions', after.residentMb, { unit: 'MB', better: 'less', target: 1500 });
    const parts = threadsBetween(before, after).slice(0, 9);
    say(
      `  CPU per turn by thread: ${parts.map(({ name, cpuMs }) => `${name} ${(cpuMs / turns.length).toFixed(1)}`).join(', ')}`,
    );
  }
  const seconds = effort.seconds;
  const done = await closedLoop(sessions, seconds, async (worker) => void (await lines[worker]?.ask(next(), 120_000)));
  metrics.add('200 sessions, 200 ms model, each asking again at once', done / seconds, {
    unit: '/s',
    better: 'more',
    target: 60,
  });
  await closeLines(lines);
}
