import { beforeAll, describe, expect, it } from 'vitest';
import { ChatClient } from '../support/chat-client.ts';
import { outsideKafka, readTopic } from '../support/kafka-reader.ts';
import { findFaults } from '../support/ledger.ts';
import { Product } from '../support/product.ts';

const isoUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('the whole way of a message', () => {
  let product: Product;

  beforeAll(async () => {
    product = await Product.start();
    return () => product.dispose();
  });

  it('is up: page, health, topics, and the file that tells other programs where', async () => {
    const page = await fetch(product.url);
    expect(page.status).toBe(200);
    expect(await page.text()).toMatch(/<!doctype html>/i);

    const health = await new ChatClient(product.url).call('GET', '/api/health');
    expect(health).toMatchObject({ status: 200, body: { status: 'ok', checks: { model: { demo: true } } } });

    expect(product.runtime).toMatchObject({ url: `http://localhost:${product.port}`, pid: expect.any(Number) });
    expect(product.lines.join('\n')).toMatch(/demo model/i);
    const admin = outsideKafka(product.runtime.kafka_brokers).admin();
    await admin.connect();
    const topics = await admin.listTopics();
    await admin.disconnect();
    expect(topics).toEqual(
      expect.arrayContaining(['chat-requests', 'chat-requests-dlt', 'chat-responses', 'chat-responses-dlt']),
    );
  });

  it('answers a question over the WebSocket, by way of both topics', async () => {
    const client = new ChatClient(product.url);
    const session = await client.createSession();
    expect(session).toMatchObject({
      session_id: expect.stringMatching(uuidV4),
      created_at: expect.stringMatching(isoUtc),
      last_seq: 0,
      token: expect.any(String),
    });

    const socket = await client.connect(session.session_id);
    const accepted = await socket.send('What is Kafka?');
    expect(accepted).toMatchObject({ status: 'accepted', seq: 1 });
    const answer = await socket.end(accepted.message_id);
    expect(answer).toMatchObject({
      type: 'assistant',
      session_id: session.session_id,
      in_reply_to: accepted.message_id,
      seq: 2,
      message: expect.stringMatching(/\S/),
      created_at: expect.stringMatching(isoUtc),
      agent: expect.any(String),
    });

    const { body } = await client.call('GET', `/api/sessions/${session.session_id}/messages`);
    expect(body).toMatchObject({
      session_id: session.session_id,
      messages: [
        { role: 'user', content: 'What is Kafka?', seq: 1, message_id: accepted.message_id, status: 'complete' },
        { role: 'assistant', content: answer.message, seq: 2, status: 'complete' },
      ],
      last_seq: 2,
      next_since: null,
    });

    const { kafka_brokers } = product.runtime;
    const requests = await readTopic(kafka_brokers, 'chat-requests', (all) =>
      all.some(({ key }) => key === session.session_id),
    );
    const request = requests.find(({ key }) => key === session.session_id);
    expect(JSON.parse(request?.value ?? '')).toMatchObject({
      session_id: session.session_id,
      message: 'What is Kafka?',
      timestamp: expect.any(Number),
      message_id: accepted.message_id,
      seq: 1,
    });
    expect(request?.headers).toMatchObject({
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-\d\d$/),
    });
    const responses = await readTopic(kafka_brokers, 'chat-responses', (all) =>
      all.some(({ key }) => key === session.session_id),
    );
    const response = responses.find(({ key }) => key === session.session_id);
    expect(JSON.parse(response?.value ?? '')).toMatchObject({
      session_id: session.session_id,
      response: answer.message,
      in_reply_to: accepted.message_id,
    });
    await socket.close();
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
    const { session_id } = await client.createSession();
    const [left, right] = await Promise.all([client.connect(session_id), client.connect(session_id)]);
    const asked = await left.send('Do both of you see this?');
    const [here, there] = await Promise.all([left.end(asked.message_id), right.end(asked.message_id)]);
    expect(there).toEqual(here);
    expect(right.seen.map(({ type, seq }) => [type, seq])).toEqual([
      ['user', 1],
      ['assistant', 2],
    ]);

    right.drop();
    const missed = await left.ask('And this, while you were away?');
    const back = await client.connect(session_id, right.seen);
    expect(back.seen.at(-1)).toMatchObject({ seq: missed.seq, message: missed.message, replay: true });
    expect(findFaults(back.seen)).toEqual({ gaps: [], reused: [], doubled: [], unanswered: [], disordered: [] });
    await Promise.all([left.close(), back.close()]);
  });

  it('answers 20 questions sent at once in their order', async () => {
    const client = new ChatClient(product.url);
    const { session_id } = await client.createSession();
    const socket = await client.connect(session_id);
    const accepted = await Promise.all(Array.from({ length: 20 }, (_, at) => socket.send(`Question ${at}`)));
    await Promise.all(accepted.map(({ message_id }) => socket.end(message_id, 50_000)));
    await socket.resume(0);
    expect(
      findFaults(
        socket.seen,
        accepted.map(({ message_id }) => message_id),
      ),
    ).toEqual({
      gaps: [],
      reused: [],
      doubled: [],
      unanswered: [],
      disordered: [],
    });
    await socket.close();
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
