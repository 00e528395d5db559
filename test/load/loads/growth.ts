import { type Bench, questions } from '../bench.ts';
import { median } from '../percentiles.ts';

const compared = 20;

/** One session, turn after turn: the last 20 against the first 20, in the same minute as a new session's first 20. */
export async function growth({ model, metrics, effort, system }: Bench): Promise<void> {
  model.pace = { delayMs: 0, words: 40 };
  const next = questions('growth');
  const old = await system.open();
  for (let turn = 0; turn < effort.turns - compared; turn += 1) await old.ask(next());
  const young = await system.open();
  const times = { old: [] as number[], young: [] as number[] };
  // In turns, so that what else the machine does meets both.
  for (let turn = 0; turn < compared; turn += 1) {
    for (const [name, line] of [['young', young] as const, ['old', old] as const]) {
      const since = performance.now();
      await line.ask(next());
      times[name].push(performance.now() - since);
    }
  }
  const name = `turns ${effort.turns - compared + 1}-${effort.turns}`;
  metrics.add(`${name}: median`, median(times.old), { unit: 'ms', better: 'less' });
  metrics.add(`${name} over turns 1-${compared}`, median(times.old) / median(times.young), {
    unit: 'x',
    better: 'less',
    target: 1.2,
  });
  await old.close();
  await young.close();
}
