import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Producer } from 'kafkajs';
import type { ChatClient } from './chat-client.ts';
import type { ChatSocket } from './chat-socket.ts';
import { outsideKafka } from './kafka-reader.ts';
import type { ModelStub } from './model-stub.ts';

/** Milliseconds from sending to the end of each turn, block by block. */
export type Latencies = readonly { readonly condition: Condition; readonly ms: readonly number[] }[];

/** `calm`: nothing but talk. `slow model`: one session's model takes long. `poison`: at the head of every partition. */
export type Condition = 'calm' | 'slow model' | 'poison';

export interface FairnessOptions {
  readonly client: ChatClient;
  readonly brokers: string;
  readonly model: ModelStub;
  readonly talkers: number;
  /** What a talker waits before the next question, on average, in milliseconds. */
  readonly thinkMs: number;
  /** What the model takes for everyone but the slow session. */
  readonly modelMs: number;
  /** One after the other; the slow session's model takes as long as its block. */
  readonly blocks: readonly { readonly condition: Condition; readonly ms: number }[];
}

const slowly = 'Take your time';

/** Lets people talk while others are slow or send poison, and measures how long their turns take. */
export async function measureFairness(options: FairnessOptions): Promise<Latencies> {
  const { client, model, talkers, modelMs, blocks } = options;
  // The first session brings the identity of all.
  const slow = await openSession(client);
  const others = await Promise.all(Array.from({ length: talkers }, () => openSession(client)));
  const producer = outsideKafka(options.brokers).producer();
  await producer.connect();
  // Everyone's first turn: workers start, connections open.
  model.reply = () => ({ kind: 'text', text: 'Well.', delayMs: modelMs });
  await Promise.all(others.map((socket) => socket.ask('Hello')));
  const latencies: { condition: Condition; ms: number[] }[] = [];
  for (const { condition, ms } of blocks) {
    model.reply = ({ question }) => ({ kind: 'text', text: 'Well.', delayMs: question === slowly ? ms : modelMs });
    const measured: number[] = [];
    latencies.push({ condition, ms: measured });
    const slowEnd = condition === 'slow model' ? slow.ask(slowly, ms + 20_000) : undefined;
    const poisoning = condition === 'poison' ? poisonFor(producer, ms) : undefined;
    await Promise.all(others.map(async (socket) => talk(socket, ms, options.thinkMs, measured)));
    await Promise.all([slowEnd, poisoning]);
  }
  await producer.disconnect();
  for (const socket of [slow, ...others]) socket.drop();
  return latencies;
}

async function openSession(client: ChatClient): Promise<ChatSocket> {
  const { session_id } = await client.createSession();
  return client.connect(session_id);
}

async function talk(socket: ChatSocket, ms: number, thinkMs: number, measured: number[]): Promise<void> {
  const until = performance.now() + ms;
  for (;;) {
    await delay(Math.random() * 2 * thinkMs);
    const started = performance.now();
    if (started > until) return;
    await socket.ask('And?');
    measured.push(performance.now() - started);
  }
}

/** A record that nobody can use, at the head of every partition, again and again. */
async function poisonFor(producer: Producer, ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (performance.now() < until) {
    const messages = [0, 1, 2, 3].map((partition) => ({ key: randomUUID(), value: 'poison', partition }));
    await producer.send({ topic: 'chat-requests', messages });
    await delay(500);
  }
}

/** The value below which a share of the values lies; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
