import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../kafka/wire/cluster.ts';
import { KafkaError } from '../kafka/wire/kafka-error.ts';
import { offsetCommit } from '../kafka/wire/requests/group-offsets.ts';
import type { BrokerAddress } from '../kafka/wire/requests/metadata.ts';

/** Keeps a consumer group's committed offsets up to date: one commit at a time, always of the newest offsets. */
export class Committer {
  readonly #cluster: Cluster;
  readonly #groupId: string;
  readonly #topic: string;
  readonly #report: (line: string) => void;
  #dirty = new Map<number, number>();
  #coordinator: BrokerAddress | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(cluster: Cluster, groupId: string, topic: string, report: (line: string) => void) {
    this.#cluster = cluster;
    this.#groupId = groupId;
    this.#topic = topic;
    this.#report = report;
  }

  /** The next offset to be read after a restart. */
  commit(partition: number, offset: number): void {
    this.#dirty.set(partition, offset);
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Writes what is open, once, and ends. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let failures = 0; this.#dirty.size > 0; ) {
      const offsets = this.#dirty;
      this.#dirty = new Map();
      try {
        this.#coordinator ??= await this.#cluster.coordinator(this.#groupId);
        await this.#cluster.toAddress(this.#coordinator, offsetCommit(this.#groupId, this.#topic, offsets));
        failures = 0;
      } catch (error) {
        this.#coordinator = undefined;
        this.#dirty = new Map([...offsets, ...this.#dirty]);
        failures += 1;
        if (this.#stopped) return;
        if (failures === 3) this.#report(`offsets cannot be committed, trying on: ${describe(error)}`);
        await sleep(Math.min(5000, 100 * 2 ** failures));
      }
    }
  }
}

function describe(error: unknown): string {
  return error instanceof KafkaError ? error.message : String(error);
}
