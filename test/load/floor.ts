import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { PollPace } from '../../local/event-source/poll-pace.ts';
import { isMockCluster } from '../../local/kafka/embedded-broker.ts';
import { Cluster } from '../../local/kafka/wire/cluster.ts';
import { createTopics } from '../../local/kafka/wire/requests/create-topics.ts';
import { fetch } from '../../local/kafka/wire/requests/fetch.ts';
import { openLoop } from './arrivals.ts';

const limits = { maxBytes: 1_000_000, partitionMaxBytes: 1_000_000 };

/** Two Kafka hops with the clients that the system uses, and nothing else: what any answer over Kafka takes at least. */
export class Floor {
  readonly #topic = `floor-${randomUUID().slice(0, 8)}`;
  readonly #cluster: Cluster;
  readonly #producer: ReturnType<Kafka['producer']>;
  readonly #waiting = new Map<string, () => void>();
  readonly #pace: PollPace;
  #offset = 0;
  #closed = false;
  #reading: Promise<void> | undefined;

  private constructor(brokers: string, cluster: Cluster, isMock: boolean) {
    this.#cluster = cluster;
    this.#pace = new PollPace(isMock);
    const kafka = new Kafka({ clientId: 'floor', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
    const createPartitioner = Partitioners.DefaultPartitioner;
    this.#producer = kafka.producer({ allowAutoTopicCreation: false, createPartitioner });
  }

  static async open(brokers: string): Promise<Floor> {
    const cluster = new Cluster(brokers);
    const isMock = isMockCluster((await cluster.refresh([])).clusterId);
    const floor = new Floor(brokers, cluster, isMock);
    await floor.#prepare(isMock);
    return floor;
  }

  /** @returns milliseconds of each round trip of two hops */
  async measure(perSecond: number, seconds: number): Promise<number[]> {
    const values: number[] = [];
    await openLoop(perSecond, seconds, async (_, due) => {
      await this.#hop();
      await this.#hop();
      values.push(performance.now() - due);
    });
    return values;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#pace.wake();
    await this.#producer.disconnect();
    this.#cluster.close();
    await this.#reading?.catch(() => undefined);
  }

  async #prepare(isMock: boolean): Promise<void> {
    if (!isMock)
      await this.#cluster.toController(
        createTopics([{ name: this.#topic, partitions: 1, replicationFactor: 1, configs: {} }], 5000),
      );
    for (;;) {
      const { topics } = await this.#cluster.refresh([this.#topic], isMock);
      const leaders = topics.find(({ name }) => name === this.#topic)?.leaders ?? [];
      if (leaders.length > 0 && leaders.every((leader) => leader >= 0)) break;
    }
    await this.#producer.connect();
    this.#reading = this.#read();
  }

  async #hop(): Promise<void> {
    const key = randomUUID();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(key, resolve);
    this.#pace.wake();
    const value = 'x'.repeat(400);
    await this.#producer.send({ topic: this.#topic, messages: [{ key, value, partition: 0 }], acks: -1 });
    await promise;
  }

  async #read(): Promise<void> {
    const leader = [...this.#cluster.leaders(this.#topic).keys()][0] ?? 0;
    while (!this.#closed) {
      const maxWaitMs = await this.#pace.beforeFetch();
      const wanted = [{ partition: 0, offset: this.#offset }];
      const [fetched] = await this.#cluster.toBroker(leader, fetch(this.#topic, wanted, { maxWaitMs, ...limits }));
      for (const { key } of fetched?.records ?? []) {
        const name = String(key);
        this.#waiting.get(name)?.();
        this.#waiting.delete(name);
      }
      this.#offset = fetched?.nextOffset ?? this.#offset;
    }
  }
}
