import { createProducer, type Produce } from '../../local/kafka/producer.ts';
import { Cluster } from '../../local/kafka/wire/cluster.ts';
import type { Brokers } from '../kafka/brokers.ts';
import { TopicReader } from '../kafka/topic-reader.ts';
import { type DeadLetter, readDeadLetter } from './dead-letter.ts';
import { type Mark, readMark } from './mark.ts';

/** A dead letter and what was decided about it, oldest decision first. */
export interface Case extends DeadLetter {
  readonly marks: readonly Mark[];
}

/** The dead-letter topics of a cluster. */
export class DeadLetterTopics {
  readonly #cluster: Cluster;
  readonly #reader: TopicReader;
  readonly produce: Produce;

  constructor({ addresses, security }: Brokers) {
    this.#cluster = new Cluster(addresses, { timeoutMs: 10_000, security });
    this.#reader = new TopicReader(this.#cluster);
    this.produce = createProducer(this.#cluster);
  }

  close(): void {
    this.#cluster.close();
  }

  /** All that the topics hold now, oldest first. */
  async read(topics: readonly string[]): Promise<Case[]> {
    const letters: DeadLetter[] = [];
    const marks: Mark[] = [];
    for (const topic of topics) {
      const all = await this.#reader.ranges(topic);
      for await (const { partition, record } of this.#reader.records(topic, all)) {
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
}
