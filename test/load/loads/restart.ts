import { randomUUID } from 'node:crypto';
import { type ProductBench, questions } from '../bench.ts';
import { summarize } from '../percentiles.ts';

const underWay = 20;

/** kill -9 of everything while 20 answers are under way, and a start: until the first and the last of them are there. */
export async function restart({ product, system, model, metrics, effort }: ProductBench): Promise<void> {
  model.pace = { delayMs: 500, words: 40 };
  const next = questions('restart');
  for (let round = 0; round < Math.min(3, effort.rounds); round += 1) {
    const sessions: string[] = [];
    for (let index = 0; index < underWay; index += 1) sessions.push((await system.client.createSession()).session_id);
    const texts = sessions.map(() => next());
    model.asked = new Map();
    const posts = sessions.map((id, index) => system.client.post(id, texts[index] ?? '', randomUUID()));
    await Promise.all(posts);
    await product.kill9();
    const killed = performance.now();
    await product.restart();
    const ready = performance.now() - killed;
    const times = await Promise.all(sessions.map(async (id) => (await answeredAt(system, id)) - killed));
    const { max } = summarize(times);
    metrics.add('killed with 20 answers under way: ready again', ready, { unit: 'ms', better: 'less' });
    metrics.add('killed with 20 answers under way: first answer', Math.min(...times), {
      unit: 'ms',
      better: 'less',
      target: 5_000,
    });
    metrics.add('killed with 20 answers under way: all answered', max, { unit: 'ms', better: 'less' });
  }
  model.asked = undefined;
}

async function answeredAt({ client }: ProductBench['system'], sessionId: string): Promise<number> {
  const socket = await client.connect(sessionId, []);
  const isAnswer = ({ type }: { type: string }): boolean => type === 'assistant';
  if (!socket.frames.some(isAnswer)) await socket.next(isAnswer, `no answer in ${sessionId}`, 120_000);
  const at = performance.now();
  await socket.close();
  return at;
}
