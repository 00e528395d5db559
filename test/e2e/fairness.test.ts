import { randomUUID } from 'node:crypto';
import type { Producer } from 'kafkajs';
import { describe, expect } from 'vitest';
import { partitionOf } from '../../local/kafka/wire/partitioner.ts';
import { ChatClient } from '../support/chat-client.ts';
import type { ChatSocket } from '../support/chat-socket.ts';
import { isEnd } from '../support/frames.ts';
import { outsideKafka } from '../support/kafka-reader.ts';
import { findFaults, noFaults } from '../support/ledger.ts';
import { echo, type ModelCall, type ModelReply, type ModelStub } from '../support/model-stub.ts';
import type { Product } from '../support/product.ts';
import { it } from '../support/shared-product.ts';

const partitions = 4;

interface Talker {
  readonly session_id: string;
  readonly partition: number;
  readonly socket: ChatSocket;
}

let product: Product;
let model: ModelStub;
let producer: Producer;
let client: ChatClient;

it.beforeAll(async ({ shared }) => {
  ({ product, model } = shared);
  client = new ChatClient(product.url);
  producer = outsideKafka(product.runtime.kafka_brokers).producer();
  await producer.connect();
  return () => producer.disconnect();
});

async function talker(): Promise<Talker> {
  const { session_id } = await client.createSession();
  const partition = partitionOf(Buffer.from(session_id), partitions);
  return { session_id, partition, socket: await client.connect(session_id, []) };
}

/** As many as it takes until somebody shares a partition with the first, or until each partition has somebody. */
async function talkers(until: 'first has company' | 'everywhere'): Promise<Talker[]> {
  const all: Talker[] = [];
  const isEnough = () => {
    const places = all.map(({ partition }) => partition);
    return until === 'everywhere' ? new Set(places).size === partitions : places.lastIndexOf(places[0] ?? -1) > 0;
  };
  while (!isEnough() || all.length < 4) all.push(await talker());
  return all;
}

function record({ session_id, partition }: Talker, message: string) {
  return { key: session_id, value: JSON.stringify({ session_id, message, timestamp: 1 }), partition };
}

/** Waits until a socket has seen so many ends. */
async function ends(socket: ChatSocket, count: number): Promise<void> {
  while (socket.seen.filter(isEnd).length < count) await socket.next(isEnd, 'an end is missing');
}

/**
 * Nobody waits for a stranger. The bounds are of logic, not of time: what holds one session up is let go only after all
 * others were answered. How much longer they take is measured by `npm run reliability`, which has minutes for it.
 */
describe('a session', () => {
  it('whose model does not answer delays nobody: not in its batch, not in its partition, not by the socket', async () => {
    const [slow, ...others] = await talkers('first has company');
    if (!slow) throw new Error('nobody talks');
    const held = Promise.withResolvers<ModelReply>();
    model.reply = (call) => (call.question === 'Slow' ? held.promise : echo(call));
    const near = others.filter(({ partition }) => partition === slow.partition);
    const answers = near.map(({ socket }) => socket.next(isEnd, 'one of the same batch waits'));
    const batch = [record(slow, 'Slow'), ...near.map((other) => record(other, 'Right behind'))];
    await producer.send({ topic: 'chat-requests', messages: batch });
    await Promise.all(answers);
    for (const round of [1, 2]) await Promise.all(others.map(({ socket }) => socket.ask(`And then? (${round})`)));
    expect(slow.socket.seen.filter(isEnd)).toEqual([]);
    const end = slow.socket.next(isEnd, 'the slow one has no end');
    held.resolve({ kind: 'text', text: 'At last' });
    expect(await end).toMatchObject({ type: 'assistant', message: 'At last' });
    for (const { socket } of [slow, ...others]) socket.drop();
  });

  it('behind poison at the head of its partition is answered, by record and by socket', async () => {
    const people = await talkers('everywhere');
    const poison = [0, 1, 2, 3].map((partition) => ({ key: `poison ${randomUUID()}`, value: 'no json', partition }));
    const good = people.map((other) => record(other, 'Behind poison'));
    await producer.send({ topic: 'chat-requests', messages: [...poison, ...good, ...poison] });
    await Promise.all(people.map(({ socket }) => socket.ask('By socket')));
    await Promise.all(people.map(({ socket }) => ends(socket, 2)));
    for (const { socket } of people) socket.drop();
  });
});

describe('twenty messages sent at once in one session', () => {
  const questions = Array.from({ length: 20 }, (_, index) => `Question ${index + 1}`);

  /** What the model was told before a question: the texts of user and assistant in turn. */
  function historyOf({ messages }: ModelCall): string[] {
    return messages
      .filter(({ role }) => role !== 'system')
      .slice(0, -1)
      .map(({ content }) => content);
  }

  /** Waits for all ends, then holds the session and what its model was told against the promises. */
  async function expectConversation({ socket }: Talker, send: () => Promise<unknown>): Promise<string[]> {
    const before = model.calls.length;
    await send();
    await ends(socket, questions.length);
    await socket.resume(0);
    expect(findFaults(socket.seen)).toEqual(noFaults);
    const asked = socket.seen.filter(({ type }) => type === 'user').toSorted((a, b) => a.seq - b.seq);
    const order = [...new Set(asked.map(({ message }) => String(message)))];
    expect(new Set(order)).toEqual(new Set(questions));
    const calls = model.calls.slice(before);
    expect(calls.map(({ question }) => question)).toEqual(order);
    for (const [index, call] of calls.entries()) {
      const past = order.slice(0, index).flatMap((question) => [question, `echo: ${question}`]);
      expect(historyOf(call), `before question ${index + 1}`).toEqual(past);
    }
    socket.drop();
    return order;
  }

  it('in one batch are answered in its order, each with the history before it', async () => {
    const one = await talker();
    const messages = questions.map((question) => record(one, question));
    const order = await expectConversation(one, async () => producer.send({ topic: 'chat-requests', messages }));
    expect(order).toEqual(questions);
  });

  it('across batches are answered in the order in which they were accepted, each with the history before it', async () => {
    const one = await talker();
    const send = async () => Promise.all(questions.map(async (question) => one.socket.send(question)));
    await expectConversation(one, send);
  });
});
