import { createProducer, type Produce } from '../../local/kafka/producer.ts';
import { Cluster } from '../../local/kafka/wire/cluster.ts';
import { KafkaError } from '../../local/kafka/wire/kafka-error.ts';
import type { StoredRecord } from '../../local/kafka/wire/record-batch.ts';
import { fetch } from '../../local/kafka/wire/requests/fetch.ts';
import { listOffsets } from '../../local/kafka/wire/requests/list-offsets.ts';
import type { Brokers } from './brokers.ts';
import { type DeadLetter, readDeadLetter } from './dead-letter.ts';
import { type Mark, readMark } from './mark.ts';

/** A dead letter and what was decided about it, oldest decision first. */
export interface Case extends DeadLetter {
  readonly marks: readonly Mark[];
}

/** The dead-letter topics of a cluster, read without a consumer group: nothing is committed, nobody is disturbed. */
export class DeadLetterTopics {
  readonly #cluster: Cluster;
  readonly produce: Produce;

  constructor({ addresses, security }: Brokers) {
    this.#cluster = new Cluster(addresses, { timeoutMs: 10_000, security });
    this.produce = createProducer(this.#cluster);
  }

  close(): void {
    this.#cluster.close();
  }

  /** All that the topics hold now, oldest first. */
  async read(topics: readonly string[]): Promise<Case[]> {
    await this.#cluster.refresh(null);
    const letters: DeadLetter[] = [];
    const marks: Mark[] = [];
    for (const topic of topics) {
      for await (const { partition, record } of this.#records(topic)) {
        const mark = readMark(record);
        if (mark) marks.push(mark);
        else letters.push(readDeadLetter(topic, partition, record));
      }
    }
    const byRef = Map.groupBy(
      marks.toSorted((a, b) => a.at.localeCompare(b.at)),
      ({ ref }) => ref,
    );
    return letters
      .map((letter) => ({ ...letter, marks: byRef.get(letter.ref) ?? [] }))
      .sort((a, b) => a.setAsideAt - b.setAsideAt);
  }

  async *#records(topic: string): AsyncGenerator<{ partition: number; record: StoredRecord }> {
    const leaders = this.#cluster.leaders(topic);
    if (leaders.size === 0) throw new KafkaError('UNKNOWN_TOPIC', `There is no topic ${topic}.`, { retryable: false });
    for (const [broker, partitions] of leaders) {
      const first = await this.#cluster.toBroker(broker, listOffsets(topic, partitions, 'earliest'));
      const end = await this.#cluster.toBroker(broker, listOffsets(topic, partitions, 'latest'));
      for (const partition of partitions) {
        for (let offset = first.get(partition) ?? 0; offset < (end.get(partition) ?? 0); ) {
          const [fetched] = await this.#cluster.toBroker(broker, fetch(topic, [{ partition, offset }], limits));
          KafkaError.check(fetched?.errorCode ?? 3, `${topic}-${partition}`);
          for (const record of fetched?.records ?? []) yield { partition, record };
          offset = Math.max(offset, fetched?.nextOffset ?? 0);
        }
      }
    }
  }
}

const limits = { maxWaitMs: 200, maxBytes: 64 << 20, partitionMaxBytes: 8 << 20 };
