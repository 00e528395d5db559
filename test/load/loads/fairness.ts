import { type Bench, closeLines, openLines, questions } from '../bench.ts';
import { summarize } from '../percentiles.ts';

/** How long others take while one session's model is slow; beside how long they take when it is not. */
export async function fairness({ model, metrics, effort, system }: Bench): Promise<void> {
  model.pace = { delayMs: 0, words: 40 };
  model.slow = { matches: (question) => question.startsWith('slow'), delayMs: effort.slowModelMs };
  const [stuck, ...others] = await openLines(system, 11);
  const next = questions('fair');
  const ask = async (): Promise<number[]> => {
    const values: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      for (const line of others) {
        const since = performance.now();
        await line.ask(next());
        values.push(performance.now() - since);
      }
    }
    return values;
  };
  await ask();
  const alone = summarize(await ask());
  const slow = stuck?.ask('slow one', effort.slowModelMs + 60_000);
  const beside = summarize(await ask());
  const name = `others while one model takes ${effort.slowModelMs / 1000} s`;
  metrics.add(`${name}: p50`, beside.p50, { unit: 'ms', better: 'less' });
  metrics.add(`${name}: longest`, beside.max, { unit: 'ms', better: 'less' });
  metrics.add(`${name}: p50 over that without`, beside.p50 / alone.p50, { unit: 'x', better: 'less' });
  await slow;
  model.slow = undefined;
  await closeLines([...(stuck ? [stuck] : []), ...others]);
}
