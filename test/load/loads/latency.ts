import { openLoop } from '../arrivals.ts';
import { type Bench, closeLines, openLines, questions } from '../bench.ts';
import type { Floor } from '../floor.ts';
import { median, summarize } from '../percentiles.ts';

const sessions = 8;
/** Turns a second: each session has been idle for a second when its next turn comes. */
const rate = 8;
const warmUpTurns = 60;

/**
 * What the system adds to a turn while it is not busy: from the moment a question is due to the end of its answer, with a
 * model that answers 40 tokens at once. The raw floor is measured in turns with it.
 */
export async function latency(bench: Bench, floor?: Floor): Promise<void> {
  const { model, metrics, effort, system } = bench;
  model.pace = { delayMs: 0, words: 40 };
  const lines = await openLines(system, sessions);
  const next = questions('latency');
  for (let turn = 0; turn < warmUpTurns; turn += 1) await lines[turn % sessions]?.ask(next());
  await floor?.measure(rate, 1);
  for (let round = 0; round < effort.rounds; round += 1) {
    const raw = floor ? summarize(await floor.measure(rate, Math.min(3, effort.seconds))) : undefined;
    const { turns, first, cpuMs } = await oneRound(bench, lines, next);
    const { p50, p95, p99 } = summarize(turns);
    metrics.add('added latency of a turn, p50', p50, { unit: 'ms', better: 'less', target: 35 });
    metrics.add('added latency of a turn, p95', p95, { unit: 'ms', better: 'less' });
    metrics.add('added latency of a turn, p99', p99, { unit: 'ms', better: 'less', target: 80 });
    if (raw) {
      metrics.add('raw floor, two Kafka hops, p50', raw.p50, { unit: 'ms', better: 'less' });
      metrics.add('raw floor, two Kafka hops, p99', raw.p99, { unit: 'ms', better: 'less' });
      metrics.add('turn over floor, p50', p50 / raw.p50, { unit: 'x', better: 'less' });
    }
    if (first.length > 0)
      metrics.add('first delta behind the first token, median', median(first), {
        unit: 'ms',
        better: 'less',
        target: 15,
      });
    if (cpuMs !== undefined)
      metrics.add('CPU per turn, one at a time', cpuMs / turns.length, { unit: 'ms', better: 'less' });
  }
  await closeLines(lines);
}

async function oneRound(
  { model, effort, usage }: Bench,
  lines: Awaited<ReturnType<typeof openLines>>,
  next: () => string,
) {
  const turns: number[] = [];
  const first: number[] = [];
  const before = usage();
  await openLoop(rate, effort.seconds, async (index, due) => {
    const question = next();
    const answered = await lines[index % lines.length]?.ask(question);
    if (!answered?.ok) throw new Error(`${question} was not answered`);
    turns.push(answered.endAt - due);
    const token = model.takeFirstToken(question);
    if (answered.firstAt !== undefined && token !== undefined) first.push(answered.firstAt - token);
  });
  const after = usage();
  return { turns, first, cpuMs: before && after ? after.cpuMs - before.cpuMs : undefined };
}
