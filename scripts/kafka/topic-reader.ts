import type { Cluster } from '../../local/kafka/wire/cluster.ts';
import { KafkaError } from '../../local/kafka/wire/kafka-error.ts';
import type { StoredRecord } from '../../local/kafka/wire/record-batch.ts';
import { fetch } from '../../local/kafka/wire/requests/fetch.ts';
import { offsetFetch } from '../../local/kafka/wire/requests/group-offsets.ts';
import { listOffsets } from '../../local/kafka/wire/requests/list-offsets.ts';

/** What a partition holds: from its first record to the place of the next one. */
export interface Range {
  readonly first: number;
  readonly end: number;
}

export interface PlacedRecord {
  readonly partition: number;
  readonly record: StoredRecord;
}

const limits = { maxWaitMs: 200, maxBytes: 64 << 20, partitionMaxBytes: 8 << 20 };

/** Reads topics without a consumer group: nothing is committed, nobody is disturbed. */
export class TopicReader {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** By partition. @throws KafkaError when there is no such topic */
  async ranges(topic: string): Promise<ReadonlyMap<number, Range>> {
    const ranges = new Map<number, Range>();
    for (const [broker, partitions] of await this.#leaders(topic)) {
      const first = await this.#cluster.toBroker(broker, listOffsets(topic, partitions, 'earliest'));
      const end = await this.#cluster.toBroker(broker, listOffsets(topic, partitions, 'latest'));
      for (const partition of partitions) {
        ranges.set(partition, { first: first.get(partition) ?? 0, end: end.get(partition) ?? 0 });
      }
    }
    return ranges;
  }

  /** Where a group goes on, by partition; those where it has not begun are left out. */
  async committed(group: string, topic: string, partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const coordinator = await this.#cluster.coordinator(group);
    return this.#cluster.toAddress(coordinator, offsetFetch(group, topic, partitions));
  }

  /** All records within ranges, partition by partition. */
  async *records(topic: string, ranges: ReadonlyMap<number, Range>): AsyncGenerator<PlacedRecord> {
    for (const [broker, partitions] of await this.#leaders(topic)) {
      for (const partition of partitions) {
        const { first, end } = ranges.get(partition) ?? { first: 0, end: 0 };
        for (let offset = first; offset < end; ) {
          const [fetched] = await this.#cluster.toBroker(broker, fetch(topic, [{ partition, offset }], limits));
          KafkaError.check(fetched?.errorCode ?? 3, `${topic}-${partition}`);
          for (const record of fetched?.records ?? []) if (record.offset < end) yield { partition, record };
          offset = Math.max(offset, fetched?.nextOffset ?? 0);
        }
      }
    }
  }

  async #leaders(topic: string): Promise<ReadonlyMap<number, readonly number[]>> {
    await this.#cluster.refresh(null);
    const leaders = this.#cluster.leaders(topic);
    if (leaders.size > 0) return leaders;
    throw new KafkaError('UNKNOWN_TOPIC', `There is no topic ${topic}.`, { retryable: false });
  }
}
