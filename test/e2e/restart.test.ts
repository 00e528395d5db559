import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { ChatClient } from '../support/chat-client.ts';
import { findFaults, noFaults } from '../support/ledger.ts';
import type { ModelStub } from '../support/model-stub.ts';
import type { Product } from '../support/product.ts';
import { startProductWithModel } from '../support/product-with-model.ts';

describe('a product that stops and starts again', () => {
  let product: Product;
  let model: ModelStub;

  beforeEach(async () => {
    const started = await startProductWithModel();
    ({ product, model } = started);
    return started.dispose;
  });

  it('keeps the conversation for the user and the memory for the model', async () => {
    const client = new ChatClient(product.url);
    const { session_id } = await client.createSession();
    const before = await client.connect(session_id);
    await before.ask('My name is Ada.');
    const transcript = await client.transcript(session_id);

    expect(await product.stop()).toBe(0);
    await product.restart();

    expect(await client.transcript(session_id)).toEqual(transcript);
    const after = await client.connect(session_id, before.seen);
    await after.ask('What is my name?');
    expect(model.calls.at(-1)?.messages.map(({ content }) => content)).toEqual([
      expect.any(String),
      'My name is Ada.',
      'echo: My name is Ada.',
      'What is my name?',
    ]);
    expect(findFaults(after.seen)).toEqual(noFaults);
    expect((await client.call('DELETE', `/api/sessions/${session_id}/history`)).status).toBe(204);
    await after.ask('And now?');
    expect(model.calls.at(-1)?.messages.filter(({ role }) => role === 'user')).toHaveLength(1);
    expect(await client.transcript(session_id)).toHaveLength(6);
    await after.close();
  });

  it('answers unasked, once, what was under way and what waited when everything was killed', async () => {
    const client = new ChatClient(product.url);
    const { session_id } = await client.createSession();
    const before = await client.connect(session_id);
    const asked = Promise.withResolvers<void>();
    model.reply = () => {
      asked.resolve();
      return { kind: 'silence' };
    };
    const underWay = await before.send('Answer me');
    await asked.promise;
    const waiting = await before.send('And me');
    await product.kill9();
    before.drop();

    model.reply = ({ question }) => ({ kind: 'text', text: `echo: ${question}` });
    await product.restart();

    while ((await client.transcript(session_id)).length < 4) await delay(200);
    const after = await client.connect(session_id, before.seen);
    expect(await after.end(underWay.message_id)).toMatchObject({ type: 'assistant', message: 'echo: Answer me' });
    expect(await after.end(waiting.message_id)).toMatchObject({ type: 'assistant', message: 'echo: And me' });
    expect(findFaults(after.seen)).toEqual(noFaults);
    await after.close();
  });
});
