import { Kafka, logLevel } from 'kafkajs';
import { within } from './within.ts';

/** A record as any Kafka client reads it. */
export interface ReadRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | undefined;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A Kafka client of somebody else: the plain npm package, nothing of the product. */
export function outsideKafka(brokers: string): Kafka {
  return new Kafka({ clientId: 'outsider', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
}

/** Reads a topic from its beginning until `enough` says so. @throws Error when that takes over 15 s */
export async function readTopic(
  brokers: string,
  topic: string,
  enough: (records: readonly ReadRecord[]) => boolean,
): Promise<readonly ReadRecord[]> {
  const consumer = outsideKafka(brokers).consumer({ groupId: `outsider-${crypto.randomUUID()}`, maxWaitTimeInMs: 100 });
  const records: ReadRecord[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ partition, message }) => {
        records.push({
          topic,
          partition,
          offset: message.offset,
          key: message.key?.toString(),
          value: message.value?.toString() ?? '',
          headers: Object.fromEntries(
            Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
          ),
        });
        if (enough(records)) resolve();
      },
    });
    consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
    await within(15_000, () => `${topic} holds only ${JSON.stringify(records.slice(-5))}`, promise);
    return records;
  } finally {
    await consumer.disconnect();
  }
}
