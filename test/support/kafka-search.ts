import { Cluster } from '../../local/kafka/wire/cluster.ts';
import { fetch } from '../../local/kafka/wire/requests/fetch.ts';
import { listOffsets } from '../../local/kafka/wire/requests/list-offsets.ts';
import type { ReadRecord } from './kafka-reader.ts';
import { within } from './within.ts';

const limits = { maxWaitMs: 100, maxBytes: 16 << 20, partitionMaxBytes: 4 << 20 };

/**
 * The first record of a topic, from its beginning, that fits; waits for it up to 15 s. Reads without a consumer group,
 * whose first rebalance alone takes 3 s.
 */
export async function findRecord(
  brokers: string,
  topic: string,
  wanted: (record: ReadRecord) => boolean,
): Promise<ReadRecord> {
  const cluster = new Cluster(brokers);
  const stop = new AbortController();
  const others: ReadRecord[] = [];
  const search = async (): Promise<ReadRecord> => {
    for await (const record of recordsOf(cluster, topic, stop.signal)) {
      if (wanted(record)) return record;
      others.push(record);
    }
    throw new Error(`the search in ${topic} was stopped`);
  };
  try {
    return await within(15_000, () => `${topic} holds only ${JSON.stringify(others.slice(-5))}`, search());
  } finally {
    stop.abort();
    cluster.close();
  }
}

/** All records of all partitions, then those that come, until stopped. */
async function* recordsOf(cluster: Cluster, topic: string, stop: AbortSignal): AsyncGenerator<ReadRecord> {
  await cluster.refresh([topic]);
  const next = new Map<number, number>();
  for (const [broker, partitions] of cluster.leaders(topic)) {
    for (const [partition, offset] of await cluster.toBroker(broker, listOffsets(topic, partitions, 'earliest'))) {
      next.set(partition, offset);
    }
  }
  while (!stop.aborted) {
    for (const [broker, partitions] of cluster.leaders(topic)) {
      const places = partitions.map((partition) => ({ partition, offset: next.get(partition) ?? 0 }));
      for (const fetched of await cluster.toBroker(broker, fetch(topic, places, limits))) {
        next.set(fetched.partition, fetched.nextOffset);
        for (const { offset, key, value, headers } of fetched.records) {
          yield {
            topic,
            partition: fetched.partition,
            offset: String(offset),
            key: key?.toString(),
            value: value?.toString() ?? '',
            headers: Object.fromEntries(headers.map((header) => [header.key, String(header.value)])),
          };
        }
      }
    }
  }
}
