import { randomUUID } from 'node:crypto';
import type { Message, Producer } from 'kafkajs';
import { describe, expect } from 'vitest';
import { ChatClient } from '../support/chat-client.ts';
import { isEnd } from '../support/frames.ts';
import { outsideKafka } from '../support/kafka-reader.ts';
import { findRecord } from '../support/kafka-search.ts';
import type { Product } from '../support/product.ts';
import { it } from '../support/shared-product.ts';

/** A response that would be good but for some fields. */
function response(session_id: string, fields: object) {
  return { value: JSON.stringify({ session_id, response: randomUUID(), ...fields }) };
}

describe('records of foreign producers', () => {
  let product: Product;
  let producer: Producer;

  it.beforeAll(async ({ shared }) => {
    ({ product } = shared);
    producer = outsideKafka(product.runtime.kafka_brokers).producer();
    await producer.connect();
    return () => producer.disconnect();
  });

  /** The record as it was set aside, found by a mark in its value. */
  async function setAside(topic: string, message: Message) {
    const mark = String(message.value);
    await producer.send({ topic, messages: [message] });
    return await findRecord(product.runtime.kafka_brokers, `${topic}-dlt`, ({ value }) => value === mark);
  }

  it('ask with three bare fields and get an answer like anyone', async () => {
    const client = new ChatClient(product.url);
    const { session_id } = await client.createSession();
    const socket = await client.connect(session_id);
    const answer = socket.next(({ type }) => type === 'assistant', 'no answer to a bare record');
    const value = JSON.stringify({ session_id, message: 'From outside', timestamp: Date.now() / 1000 });
    await producer.send({ topic: 'chat-requests', messages: [{ key: session_id, value }] });
    expect(await answer).toMatchObject({ message: expect.stringMatching(/\S/), seq: 2 });
    expect(socket.seen[0]).toMatchObject({ type: 'user', message: 'From outside', seq: 1 });
    await socket.close();
  });

  it('answer with two bare fields and are heard', async () => {
    const client = new ChatClient(product.url);
    const { session_id } = await client.createSession();
    const socket = await client.connect(session_id);
    const said = socket.next(({ type }) => type === 'assistant', 'a bare response is not shown');
    const value = JSON.stringify({ session_id, response: 'News for you' });
    await producer.send({ topic: 'chat-responses', messages: [{ key: session_id, value }] });
    expect(await said).toMatchObject({ message: 'News for you', seq: 1 });
    await socket.close();
  });

  it.each([
    ['is not JSON', () => ({ key: randomUUID(), value: `not json ${randomUUID()}` })],
    ['lacks fields', () => ({ key: randomUUID(), value: JSON.stringify({ nothing: randomUUID() }) })],
    [
      'has a message that is no text',
      () => ({ key: 'k', value: JSON.stringify({ session_id: randomUUID(), message: 7 }) }),
    ],
    ['has no key and is not JSON', () => ({ key: null, value: `keyless ${randomUUID()}` })],
    [
      'is for a session that nobody has',
      () => {
        const session_id = randomUUID();
        return { key: session_id, value: JSON.stringify({ session_id, message: 'Hello?', timestamp: 1 }) };
      },
    ],
  ])('that %s go aside whole, with the reason', async (_name, make) => {
    const message = make();
    const record = await setAside('chat-requests', message);
    expect(record.key).toBe(message.key ?? undefined);
    expect(Object.keys(record.headers)).not.toHaveLength(0);
    expect(Object.values(record.headers).join(' ')).toContain('chat-requests');
  });

  it('without a key are answered all the same', async () => {
    const client = new ChatClient(product.url);
    const { session_id } = await client.createSession();
    const socket = await client.connect(session_id);
    const answer = socket.next(({ type }) => type === 'assistant', 'no answer to a record without a key');
    const value = JSON.stringify({ session_id, message: 'Keyless', timestamp: Date.now() / 1000 });
    await producer.send({ topic: 'chat-requests', messages: [{ key: null, value }] });
    await answer;
    await socket.close();
  });

  it('with a message_id and a seq of their own making are answered, and that only once', async () => {
    const client = new ChatClient(product.url);
    const { session_id } = await client.createSession();
    const socket = await client.connect(session_id);
    const message_id = randomUUID();
    const answer = socket.end(message_id);
    const record = { session_id, message: 'Numbered', message_id, seq: 41 };
    const messages = [1, 2].map(() => ({ key: session_id, value: JSON.stringify(record) }));
    await producer.send({ topic: 'chat-requests', messages });
    expect(await answer).toMatchObject({ type: 'assistant', seq: 2 });
    await socket.ask('And by the socket?');
    await socket.resume(0);
    const replayed = socket.seen.filter(({ replay }) => replay);
    const texts = replayed.flatMap(({ type, message }) => (type === 'user' ? message : []));
    expect(texts).toEqual(['Numbered', 'And by the socket?']);
    expect(replayed.filter(isEnd)).toHaveLength(2);
    await socket.close();
  });

  it.each([
    ['are not JSON', () => ({ value: `no response ${randomUUID()}` })],
    ['name an agent in half a megabyte', (session_id: string) => response(session_id, { agent: 'x'.repeat(500_000) })],
    [
      'count more tokens than a table can',
      (session_id: string) =>
        response(session_id, { usage: { input_tokens: 1e200, output_tokens: 1, total_tokens: 1 } }),
    ],
    ['end what was never asked', (session_id: string) => response(session_id, { ends: 99 })],
  ])('that are bad responses go aside as well, and delay nobody: those that %s', async (_name, make) => {
    const client = new ChatClient(product.url);
    const { session_id } = await client.createSession();
    const socket = await client.connect(session_id);
    const good = { key: session_id, value: JSON.stringify({ session_id, response: 'Behind it' }) };
    const said = socket.next(({ type }) => type === 'assistant', 'the good record waits');
    const bad = { key: session_id, ...make(session_id) };
    await producer.send({ topic: 'chat-responses', messages: [bad, good] });
    expect(await said).toMatchObject({ message: 'Behind it', seq: 1 });
    const found = await findRecord(
      product.runtime.kafka_brokers,
      'chat-responses-dlt',
      ({ value }) => value === bad.value,
    );
    expect(found.headers['dead-letter-reason']).toMatch(/\S/);
    await socket.close();
  });

  it('whose headers claim a way of half a megabyte are heard', async () => {
    const client = new ChatClient(product.url);
    const { session_id } = await client.createSession();
    const socket = await client.connect(session_id);
    const said = socket.next(({ type }) => type === 'assistant', 'a response with heavy headers is not shown');
    const step = { step: 'x'.repeat(1_000), component: 'c', action: 'a', at: 1, ms: 1 };
    const headers = { steps: JSON.stringify(Array(500).fill(step)) };
    const value = JSON.stringify({ session_id, response: 'Heavy' });
    await producer.send({ topic: 'chat-responses', messages: [{ key: session_id, value, headers }] });
    expect(await said).toMatchObject({ message: 'Heavy' });
    await socket.close();
  });

  it('delay nobody: a good one right behind bad ones is answered', async () => {
    const client = new ChatClient(product.url);
    const { session_id } = await client.createSession();
    const socket = await client.connect(session_id);
    const good = JSON.stringify({ session_id, message: 'Behind the bad ones', timestamp: 1 });
    const bad = Array.from({ length: 5 }, () => ({ key: session_id, value: `bad ${randomUUID()}` }));
    const answer = socket.next(({ type }) => type === 'assistant', 'the good record waits');
    await producer.send({ topic: 'chat-requests', messages: [...bad, { key: session_id, value: good }, ...bad] });
    await answer;
    expect(await socket.ask('And by the socket?')).toMatchObject({ type: 'assistant' });
    await socket.close();
  });
});
