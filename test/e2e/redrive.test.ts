import { randomUUID } from 'node:crypto';
import type { Message, Producer } from 'kafkajs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ChatClient } from '../support/chat-client.ts';
import { isEnd } from '../support/frames.ts';
import { outsideKafka } from '../support/kafka-reader.ts';
import { findRecord } from '../support/kafka-search.ts';
import type { Product } from '../support/product.ts';
import { startProductWithModel } from '../support/product-with-model.ts';
import { deadLettersOf, redrive } from '../support/redrive.ts';
import { loseSession } from '../support/session-item.ts';

const hours = 3_600_000;

describe('dead letters', () => {
  let product: Product;
  let producer: Producer;
  let client: ChatClient;

  beforeAll(async () => {
    const started = await startProductWithModel();
    ({ product } = started);
    client = new ChatClient(product.url);
    producer = outsideKafka(product.runtime.kafka_brokers).producer();
    await producer.connect();
    return async () => {
      await producer.disconnect();
      await started.dispose();
    };
  });

  /** Produces a record that cannot be handled now, and waits until it is set aside. */
  async function setAside(message: Message): Promise<void> {
    await producer.send({ topic: 'chat-requests', messages: [message] });
    await findRecord(product.runtime.kafka_brokers, 'chat-requests-dlt', ({ key }) => key === String(message.key));
  }

  it('wait with their reason; sent again after the cause was mended, they get one answer, however often they are sent', async () => {
    const { session_id } = await client.createSession();
    const mend = await loseSession(product.runtime.dynamodb_endpoint, session_id);
    const value = JSON.stringify({ session_id, message: 'Is anyone there?', timestamp: Date.now() / 1000 });
    await setAside({ key: session_id, value, headers: { 'x-mine': 'kept' } });

    const [letter] = await deadLettersOf(product.dataDir, session_id);
    expect(letter).toMatchObject({ state: 'open', session_id, reason: 'There is no such session.', can_be_sent: true });
    const ref = letter?.record ?? '';
    expect(await redrive(product.dataDir, 'list')).toMatch(
      new RegExp(`^${ref} .*${session_id} .*no such session`, 'm'),
    );
    expect(JSON.parse(await redrive(product.dataDir, 'show', ref))).toMatchObject({
      key: session_id,
      value,
      origin: { topic: 'chat-requests' },
      headers: { 'x-mine': 'kept' },
    });
    expect(await redrive(product.dataDir, 'send', ref, '--dry-run')).toContain('would be sent');
    expect(await deadLettersOf(product.dataDir, session_id)).toMatchObject([{ state: 'open' }]);

    await mend();
    const socket = await client.connect(session_id, []);
    const answer = socket.next(isEnd, 'no answer to the record that was sent again');
    expect(await redrive(product.dataDir, 'send', ref)).toContain('sent: ');
    expect(await answer).toMatchObject({ type: 'assistant', message: 'echo: Is anyone there?' });
    expect(await redrive(product.dataDir, 'send', ref)).toContain('nothing done');
    expect(await redrive(product.dataDir, 'send', ref, '--again')).toContain('sent: ');
    expect(await deadLettersOf(product.dataDir, session_id)).toMatchObject([{ state: 'sent' }]);

    // The copy stands before this question in their partition: once this has its answer, the copy had its chance.
    await socket.ask('And now?');
    const transcript = await client.transcript(session_id);
    expect(transcript.filter(({ role }) => role === 'user').map(({ content }) => content)).toEqual([
      'Is anyone there?',
      'And now?',
    ]);
    expect(transcript).toHaveLength(4);
    await socket.close();
  });

  it('that the event source itself gave up, as AWS writes them, are sent with what was inside', async () => {
    const { session_id } = await client.createSession();
    const value = JSON.stringify({ session_id, message: 'Left lying', timestamp: 1 });
    await setAside({ key: session_id, value, timestamp: String(Date.now() - 2 * hours) });
    const [letter] = await deadLettersOf(product.dataDir, session_id);
    expect(letter).toMatchObject({ reason: expect.stringContaining('RecordAgeExceeded'), value, can_be_sent: true });
    const socket = await client.connect(session_id, []);
    const answer = socket.next(isEnd, 'no answer to what the event source gave up');
    await redrive(product.dataDir, 'send', letter?.record ?? '');
    expect(await answer).toMatchObject({ type: 'assistant', message: 'echo: Left lying' });
    await socket.close();
  });

  it('that nobody wants are dropped, and stay to be seen', async () => {
    const key = `poison ${randomUUID()}`;
    await setAside({ key, value: 'no json' });
    const [letter] = await deadLettersOf(product.dataDir, key);
    expect(letter).toMatchObject({ state: 'open', reason: expect.stringContaining('not a chat request') });
    expect(await redrive(product.dataDir, 'drop', letter?.record ?? '')).toContain('dropped: ');
    expect(await redrive(product.dataDir, 'list', '--session', key)).not.toContain(letter?.record);
    expect(await deadLettersOf(product.dataDir, key)).toMatchObject([{ state: 'dropped', value: 'no json' }]);
    expect(await redrive(product.dataDir, 'send', letter?.record ?? '')).toContain('nothing done');
  });

  it('that do not exist, and commands that do not, are told in a line', async () => {
    await expect(redrive(product.dataDir, 'send', 'chat-requests-dlt:0:999999')).rejects.toThrow(
      /There is no dead letter/,
    );
    await expect(redrive(product.dataDir, 'burn')).rejects.toThrow(/list, show, send, drop/);
    await expect(redrive(`${product.dataDir}-other`, 'list')).rejects.toThrow(/set KAFKA_BROKERS/);
  });
});
