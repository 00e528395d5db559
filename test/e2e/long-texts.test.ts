import { describe, expect } from 'vitest';
import { ChatClient } from '../support/chat-client.ts';
import { echo, type ModelStub } from '../support/model-stub.ts';
import type { Product } from '../support/product.ts';
import { it } from '../support/shared-product.ts';

describe('long texts', () => {
  let product: Product;
  let model: ModelStub;

  it.beforeAll(({ shared }) => {
    ({ product, model } = shared);
  });

  it('of 100,000 bytes go in over several frames, and come to every tab in parts', async () => {
    const client = new ChatClient(product.url);
    const { session_id } = await client.createSession();
    const [first, second] = [await client.connect(session_id), await client.connect(session_id)];
    const message = `${'Zürich '.repeat(12_000)}end`;
    const shown = second.next((frame) => frame.type === 'user' && frame.message === message, 'the question in parts');
    const message_id = crypto.randomUUID();
    const accepted = first.next(({ type }) => type === 'accepted', 'accepted');
    first.rawFragments(JSON.stringify({ action: 'message', message_id, message }), 25_000);
    await Promise.all([accepted, shown]);
    expect(await first.end(message_id)).toMatchObject({ type: 'assistant', message: `echo: ${message}` });
    expect(second.frames.some(({ type }) => type === 'part')).toBe(true);
    await Promise.all([first.close(), second.close()]);
  });

  it('of a megabyte come back from the model whole: pointed at on the socket, there over HTTP and in the replay', async () => {
    const answer = 'word '.repeat(240_000).trimEnd();
    model.reply = () => ({ kind: 'text', text: answer });
    const client = new ChatClient(product.url);
    const { session_id } = await client.createSession();
    const socket = await client.connect(session_id);
    const pointer = socket.next(({ type }) => type === 'large', 'the pointer to the answer', 30_000);
    const { message_id } = await socket.send('Tell me everything.');
    const { href } = await pointer;
    const { body } = await client.call<{ messages: { content: string; in_reply_to: string }[] }>('GET', String(href));
    expect(body.messages[0]?.in_reply_to).toBe(message_id);
    expect(body.messages[0]?.content === answer).toBe(true);
    await socket.close();

    model.reply = echo;
    const again = await client.connect(session_id, []);
    expect(again.frames.some(({ type }) => type === 'large')).toBe(true);
    expect((await again.ask('And now?')).message).toBe('echo: And now?');
    await again.close();
  });
});
