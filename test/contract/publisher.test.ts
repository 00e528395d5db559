import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { KafkaPublisher } from '../../lambdas/shared/adapters/kafka/publisher.ts';
import { type Kafka, startKafka } from '../../local/kafka/start.ts';
import { readTopic } from '../support/kafka-reader.ts';
import { keptLog, topic } from '../support/local-kafka.ts';
import { realParts } from '../support/real-parts.ts';

const name = `published-${crypto.randomUUID().slice(0, 8)}`;
const minute = 60_000;

let kafka: Kafka;
let publisher: KafkaPublisher;
let connections = 0;
const count = () => {
  connections += 1;
};

beforeAll(async () => {
  kafka = await startKafka({ brokers: realParts?.kafkaBrokers, topics: [topic(name)], log: keptLog().log });
  return () => kafka.stop();
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  publisher = new KafkaPublisher({ brokers: kafka.brokers, auth: 'none', clientId: 'test' });
  subscribe('net.client.socket', count);
});

afterEach(() => {
  vi.useRealTimers();
  unsubscribe('net.client.socket', count);
});

const send = async (text: string) => publisher.send({ topic: name, key: text, value: text, headers: {} });

async function sendAtOnce(round: string): Promise<number> {
  const before = connections;
  await Promise.all(Array.from({ length: 50 }, (_, index) => send(`${round} ${index}`)));
  return connections - before;
}

it('sends at once share one producer, also when it has idled so long that it is opened anew', async () => {
  const first = await sendAtOnce('first');
  vi.setSystemTime(Date.now() + 2 * minute);
  // The bootstrap connection and one to each broker that leads a partition.
  expect(await sendAtOnce('after an idle time')).toBeLessThanOrEqual(first);
  expect(await sendAtOnce('soon after')).toBe(0);
  const records = await readTopic(kafka.brokers, name, (all) => new Set(all.map(({ value }) => value)).size >= 150);
  expect(records).toHaveLength(150);
});
