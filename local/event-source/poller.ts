import { setTimeout as sleep } from 'node:timers/promises';
import { isMockCluster } from '../kafka/embedded-broker.ts';
import type { Cluster } from '../kafka/wire/cluster.ts';
import { KafkaError } from '../kafka/wire/kafka-error.ts';
import { type FetchedPartition, fetch } from '../kafka/wire/requests/fetch.ts';
import type { KafkaEventSourceSpec } from '../template/model.ts';
import { Outage } from './outage.ts';
import { type BatchLimits, PartitionBuffer } from './partition-buffer.ts';
import { PollPace } from './poll-pace.ts';
import { earliestOffset, startingPositions } from './positions.ts';

/** Per fetch: as much as one invocation may carry of each partition. */
const partitionMaxBytes = 6 * 1024 * 1024;
const maxBytes = 16 * 1024 * 1024;

/** How often new partitions are looked for. */
const metadataMaxAgeMs = 30_000;

export interface PollerEvents {
  /** Records arrived, or may be due, in this partition. */
  ready(partition: number): void;
  report(line: string): void;
}

/**
 * Reads all partitions of a topic into buffers, without joining a consumer group: the offsets are kept under the group's
 * id, but nobody has to wait until a killed predecessor's membership expires. Goes on for ever; what fails is retried.
 */
export class Poller {
  readonly #cluster: Cluster;
  readonly #spec: KafkaEventSourceSpec;
  readonly #limits: BatchLimits;
  readonly #events: PollerEvents;
  readonly #outage: Outage;
  readonly #stopping = new AbortController();
  #pace = new PollPace(false);
  #clusterId = '';
  #refreshedAt = 0;
  #loops: Promise<void>[] = [];
  #room: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly buffers = new Map<number, PartitionBuffer>();

  constructor(cluster: Cluster, spec: KafkaEventSourceSpec, limits: BatchLimits, events: PollerEvents) {
    this.#cluster = cluster;
    this.#spec = spec;
    this.#limits = limits;
    this.#events = events;
    this.#outage = new Outage(events.report);
  }

  run(): void {
    this.#loops.push(this.#supervise());
  }

  /** Somebody is about to produce. */
  wake(): void {
    this.#pace.wake();
  }

  /** A buffer has been drawn from. */
  roomMade(): void {
    this.#room.resolve();
    this.#room = Promise.withResolvers();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#pace.wake();
    this.roomMade();
    this.#cluster.close();
    await Promise.all(this.#loops);
  }

  /** Looks where the partitions are, reads until that changes or fails, and begins again. */
  async #supervise(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#locate();
        this.#outage.worked();
        const leaders = [...this.#cluster.leaders(this.#spec.topic)];
        const round = new AbortController();
        const readers = leaders.map(([leader, partitions]) =>
          this.#read(leader, partitions, AbortSignal.any([signal, round.signal])).finally(() => round.abort()),
        );
        const outcomes = await Promise.allSettled(readers);
        for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
      } catch (error) {
        if (!signal.aborted) await this.#outage.failed(error, signal);
      }
    }
  }

  async #locate(): Promise<void> {
    const { topic } = this.#spec;
    const { clusterId, topics } = await this.#cluster.refresh([topic]);
    const known = topics.find(({ name }) => name === topic);
    KafkaError.check(known?.errorCode ?? 3, `topic ${topic}`);
    if (known?.leaders.some((leader) => leader < 0)) throw KafkaError.fromCode(5, `topic ${topic}`);
    const isOther = clusterId !== this.#clusterId;
    if (isOther) this.#pace = new PollPace(isMockCluster(clusterId));
    if (isOther || (known?.leaders.length ?? 0) > this.buffers.size) {
      const positions = await startingPositions(this.#cluster, this.#spec);
      for (const [partition, position] of positions) {
        const buffer = this.buffers.get(partition);
        if (!buffer) this.buffers.set(partition, new PartitionBuffer(position));
        else if (isOther) buffer.reset(position);
      }
      this.#clusterId = clusterId;
    }
    this.#refreshedAt = Date.now();
  }

  async #read(leader: number, partitions: readonly number[], signal: AbortSignal): Promise<void> {
    const { topic } = this.#spec;
    while (!signal.aborted && Date.now() - this.#refreshedAt < metadataMaxAgeMs) {
      const maxWaitMs = await this.#pace.beforeFetch();
      if (signal.aborted) return;
      const wanted = partitions.flatMap((partition) => {
        const buffer = this.buffers.get(partition);
        return buffer && !buffer.isFull(this.#limits) ? [{ partition, offset: buffer.position }] : [];
      });
      if (wanted.length === 0) {
        await Promise.race([this.#room.promise, sleep(1000, undefined, { signal }).catch(() => undefined)]);
        continue;
      }
      const answer = await this.#cluster.toBroker(
        leader,
        fetch(topic, wanted, { maxWaitMs, maxBytes, partitionMaxBytes }),
      );
      for (const fetched of answer) await this.#take(fetched, wanted);
    }
  }

  async #take(fetched: FetchedPartition, wanted: readonly { partition: number; offset: number }[]): Promise<void> {
    const { partition, errorCode, records, nextOffset } = fetched;
    const buffer = this.buffers.get(partition);
    const asked = wanted.find((entry) => entry.partition === partition);
    if (!buffer || buffer.position !== asked?.offset) return;
    if (errorCode === 1) {
      const earliest = await earliestOffset(this.#cluster, this.#spec.topic, partition);
      this.#events.report(`offset ${buffer.position} of partition ${partition} is gone, reading on from ${earliest}`);
      buffer.reset(earliest);
      return;
    }
    KafkaError.check(errorCode, `fetch ${this.#spec.topic}-${partition}`);
    if (nextOffset === buffer.position) return;
    this.#pace.wake();
    buffer.add(records, nextOffset, Date.now());
    if (records.length > 0) this.#events.ready(partition);
  }
}
