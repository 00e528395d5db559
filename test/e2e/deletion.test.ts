import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { ChatClient } from '../support/chat-client.ts';
import { type ProductInProcess, startProductInProcess } from '../support/product-in-process.ts';
import { isStone, Tables } from '../support/tables.ts';

const sessions = 12;
const everyMs = 60;

let product: ProductInProcess;

beforeAll(async () => {
  product = await startProductInProcess();
  return product.stop;
});

/** Asks, and deletes the session so much later than the question, or than the first piece of its answer. */
async function askAndDelete(client: ChatClient, afterMs: number, since: 'asked' | 'writing'): Promise<string> {
  const { session_id } = await client.createSession();
  const socket = await client.connect(session_id);
  const gone = socket.closed();
  const writing = socket.next(({ type }) => type === 'delta', 'nothing is written').catch(() => undefined);
  socket.send('What will be left of me?').catch(() => undefined);
  if (since === 'writing') await writing;
  await delay(afterMs);
  expect((await client.call('DELETE', `/api/sessions/${session_id}`)).status).toBe(204);
  await gone;
  return session_id;
}

it('a session that is deleted while its answer is being written leaves nothing in any table, at whatever moment', async () => {
  const { runtime, model, lines, nameOf } = product;
  const client = new ChatClient(runtime.url);
  await client.createSession();
  model.reply = () => ({ kind: 'text', text: 'Not much will be left, I am afraid', delayMs: 20, wordMs: 30 });
  const moments = Array.from({ length: sessions / 2 }, (_, index) => index * everyMs);
  const ids: string[] = [];
  for (const since of ['asked', 'writing'] as const) {
    ids.push(...(await Promise.all(moments.map(async (ms) => askAndDelete(client, ms, since)))));
  }
  expect(model.calls.length).toBeGreaterThan(0);

  // What was under way writes on for a while; the sweep, which waits 16 minutes for that, is told that they have passed.
  const tables = new Tables(runtime.dynamodbEndpoint);
  let quiet = false;
  for (let clean = false; !(clean && quiet); await delay(300)) {
    const before = lines.length;
    await tables.ageStones((await tables.itemsOf(ids)).filter(isStone));
    await runtime.invoke(nameOf('sweep'), {});
    const left = await tables.itemsOf(ids);
    clean = left.every(isStone) && left.length === sessions;
    // On real parts others' sessions of earlier tests may be swept up meanwhile.
    quiet = !lines.slice(before).some((line) => !line.includes('"sweep"') && ids.some((id) => line.includes(id)));
  }
  for (const id of ids) expect((await client.call('GET', `/api/sessions/${id}`)).status).toBe(404);
  tables.close();
});
