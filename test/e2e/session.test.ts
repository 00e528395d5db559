import { describe, expect } from 'vitest';
import { ChatClient } from '../support/chat-client.ts';
import { findFaults, noFaults } from '../support/ledger.ts';
import type { Product } from '../support/product.ts';
import { it } from '../support/shared-product.ts';

describe('a session', () => {
  let product: Product;

  it.beforeAll(({ shared }) => {
    ({ product } = shared);
  });

  it('takes a plain text frame as the message itself', async () => {
    const client = new ChatClient(product.url);
    const { session_id } = await client.createSession();
    const socket = await client.connect(session_id);
    const answer = socket.next(({ type }) => type === 'assistant', 'no answer to plain text');
    socket.raw('Hello there');
    expect(await answer).toMatchObject({ message: expect.stringMatching(/\S/) });
    expect(socket.seen[0]).toMatchObject({ type: 'user', message: 'Hello there' });
    await socket.close();
  });

  it('counts a message that is sent twice once, and refuses another text under the same id', async () => {
    const client = new ChatClient(product.url);
    const { session_id } = await client.createSession();
    const socket = await client.connect(session_id);
    const first = await socket.send('Only once');
    expect(await socket.send('Only once', first.message_id)).toMatchObject({ status: 'duplicate', seq: first.seq });
    await expect(socket.send('Something else', first.message_id)).rejects.toThrow(/conflict/);
    await socket.end(first.message_id);
    await socket.ask('And after that');
    expect((await client.transcript(session_id)).map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'user',
      'assistant',
    ]);
    await socket.close();
  });

  it('shows everything on every tab, to one that reconnects too', async () => {
    const client = new ChatClient(product.url);
    const { session_id } = await client.createSession({ title: 'Two tabs' });
    const [left, right] = await Promise.all([client.connect(session_id), client.connect(session_id)]);
    const asked = await left.send('Do both of you see this?');
    const [here, there] = await Promise.all([left.end(asked.message_id), right.end(asked.message_id)]);
    expect(there).toEqual(here);
    // The question goes to other tabs on a way of its own, and on a busy machine a quick answer overtakes it.
    if (right.seen.length < 2) await right.next(({ type }) => type === 'user', 'the other tab misses the question');
    expect(right.seen.map(({ type, seq }) => [type, seq]).sort()).toEqual([
      ['assistant', 2],
      ['user', 1],
    ]);

    right.drop();
    const missed = await left.ask('And this, while you were away?');
    const back = await client.connect(session_id, right.seen);
    expect(back.seen.at(-1)).toMatchObject({ seq: missed.seq, message: missed.message, replay: true });
    expect(findFaults(back.seen)).toEqual(noFaults);
    await Promise.all([left.close(), back.close()]);
  });

  it('keeps the list of sessions by latest activity, renames and deletes them', async () => {
    const client = new ChatClient(product.url);
    const first = await client.createSession({ title: 'first' });
    const second = await client.createSession({ title: 'second' });
    const ids = async () => {
      const { body } = await client.call<{ sessions: { session_id: string; title: string }[] }>('GET', '/api/sessions');
      return body.sessions.map(({ session_id }) => session_id);
    };
    expect(await ids()).toEqual([second.session_id, first.session_id]);
    const renamed = await client.call('PATCH', `/api/sessions/${first.session_id}`, { title: 'renamed' });
    expect(renamed).toMatchObject({ status: 200, body: { title: 'renamed' } });
    const socket = await client.connect(second.session_id);
    await socket.ask('Something to delete');
    expect((await client.call('DELETE', `/api/sessions/${second.session_id}`)).status).toBe(204);
    expect(await ids()).toEqual([first.session_id]);
    expect((await client.call('GET', `/api/sessions/${second.session_id}`)).status).toBe(404);
    expect((await client.call('GET', `/api/sessions/${second.session_id}/messages`)).status).toBe(404);
    socket.drop();
  });
});
