import { setTimeout as delay } from 'node:timers/promises';
import { outsideKafka, readTopic } from '../../support/kafka-reader.ts';
import { endOf } from '../../support/offsets.ts';
import type { Random } from '../../support/random.ts';

const topics = ['chat-requests', 'chat-responses'] as const;

const kinds = ['no json', '{}', '{"session_id":"x","message":"m"}', '[1]', ''];

/** Produces so many records to each topic that nobody can use. */
export async function poison(brokers: string, count: number, random: Random): Promise<void> {
  if (count === 0) return;
  const producer = outsideKafka(brokers).producer();
  await producer.connect();
  for (let n = 0; n < count; n += 1) {
    const value = `${random.pick(kinds)}${n % 2 === 0 ? '' : ' '}`;
    for (const topic of topics) await producer.send({ topic, messages: [{ key: `poison ${topic} ${n}`, value }] });
  }
  await producer.disconnect();
}

/** How much of the poison was set aside, and how much else. */
export interface DeadLetters {
  readonly poison: number;
  readonly other: number;
}

/**
 * Waits until as much was set aside as there was poison, or too long, and counts all there is. A record that was set aside
 * by a process which died over it is there twice, and counts once.
 */
export async function deadLetters(brokers: string, count: number): Promise<DeadLetters> {
  const expected = count * topics.length;
  for (const until = Date.now() + 30_000; ; await delay(500)) {
    const keys = new Set((await Promise.all(topics.map(async (topic) => keysOf(brokers, `${topic}-dlt`)))).flat());
    const found = [...keys].filter((key) => key?.startsWith('poison ')).length;
    if (found >= expected || Date.now() > until) return { poison: found, other: keys.size - found };
  }
}

async function keysOf(brokers: string, topic: string): Promise<(string | undefined)[]> {
  const total = [...(await endOf(brokers, topic)).values()].reduce((sum, end) => sum + end, 0);
  if (total === 0) return [];
  return (await readTopic(brokers, topic, ({ length }) => length >= total)).map(({ key }) => key);
}
