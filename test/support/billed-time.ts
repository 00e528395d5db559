import { ChatClient } from './chat-client.ts';
import type { ProductInProcess } from './product-in-process.ts';

/** Milliseconds billed for a function per turn, over all its invocations, once it is warm. */
export interface BilledTime {
  readonly component: string;
  readonly invocations: number;
  readonly ms: number;
}

/** Has some people ask once each, side by side, a model that takes `modelMs`, and adds up what each function is billed for. */
export async function measureBilledTime(
  { runtime, model, reports, nameOf }: ProductInProcess,
  turns: number,
  modelMs: number,
  components: readonly string[],
): Promise<BilledTime[]> {
  const client = new ChatClient(runtime.url);
  const ids: string[] = [];
  for (let n = 0; n < turns; n += 1) ids.push((await client.createSession()).session_id);
  const sockets = await Promise.all(ids.map(async (id) => client.connect(id)));
  // Cold starts are paid once per process, not per turn.
  model.reply = () => ({ kind: 'text', text: 'Well.' });
  await Promise.all(sockets.map(async (socket) => socket.ask('Hello')));
  const before = reports.length;
  model.reply = () => ({ kind: 'text', text: 'Well, well.', delayMs: modelMs });
  await Promise.all(sockets.map(async (socket) => socket.ask('And?', modelMs + 20_000)));
  const billed = reports.slice(before);
  for (const socket of sockets) socket.drop();
  return components.map((component) => {
    const own = billed.filter((line) => line.startsWith(`${nameOf(component)} `));
    const ms = own.reduce((sum, line) => sum + Number(/Billed Duration: (\d+) ms/.exec(line)?.[1]), 0);
    return { component, invocations: own.length / turns, ms: ms / turns };
  });
}
