import { beforeAll, describe, expect, it } from 'vitest';
import { ChatClient } from '../support/chat-client.ts';
import { runCommand } from '../support/command.ts';
import { outsideKafka, type ReadRecord } from '../support/kafka-reader.ts';
import { findRecord } from '../support/kafka-search.ts';
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
    const session = await client.createSession({ title: 'A walk' });
    expect(session).toMatchObject({
      session_id: expect.stringMatching(uuidV4),
      created_at: expect.stringMatching(isoUtc),
      title: 'A walk',
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
    const ours = ({ key }: ReadRecord) => key === session.session_id;
    const request = await findRecord(kafka_brokers, 'chat-requests', ours);
    expect(JSON.parse(request.value)).toMatchObject({
      session_id: session.session_id,
      message: 'What is Kafka?',
      timestamp: expect.any(Number),
      message_id: accepted.message_id,
      seq: 1,
    });
    expect(request.headers).toMatchObject({
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-\d\d$/),
    });
    const response = await findRecord(kafka_brokers, 'chat-responses', ours);
    expect(JSON.parse(response.value)).toMatchObject({
      session_id: session.session_id,
      response: answer.message,
      in_reply_to: accepted.message_id,
    });
    expect(response.headers.traceparent, 'one trace over both topics').toBe(request.headers.traceparent);
    await socket.close();
  });

  it('is to be seen in Kafka with nothing but npm', async () => {
    const client = new ChatClient(product.url);
    const { session_id } = await client.createSession();
    const socket = await client.connect(session_id);
    const answers = [await socket.ask('One?'), await socket.ask('Two?')];
    await socket.close();

    const topics = (...args: string[]) => runCommand('topics', product.dataDir, args);
    const nothingWaits = async () => (await topics()).match(/^chat-re\S+ .* 0$/gm)?.length;
    await expect.poll(nothingWaits, { timeout: 10_000 }).toBe(2);

    const lines = (await topics('chat-responses', '--session', session_id)).split('\n');
    expect(lines).toHaveLength(2);
    for (const [at, { message }] of answers.entries()) {
      expect(lines[at]).toContain(session_id);
      expect(lines[at]).toContain(JSON.stringify(message).slice(1, 40));
    }
    const [line = '', ...more] = (await topics('chat-requests', '--last', '1', '--json')).split('\n');
    expect(more).toEqual([]);
    const { headers, key, value } = JSON.parse(line);
    expect({ headers, key }).toMatchObject({ headers: { traceparent: expect.any(String) }, key: session_id });
    expect(JSON.parse(value)).toMatchObject({ message: 'Two?', seq: expect.any(Number) });
  });
});
