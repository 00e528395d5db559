import type { Message } from 'kafkajs';
import { type KafkaSettings, type OpenProducer, openProducer } from './client.ts';

/** Times in milliseconds. */
const limits = {
  /** Gateways on the way drop idle flows after 350 s without telling; a frozen process sends no keep-alives. */
  freshFor: 60_000,
  /** One attempt, connecting included. A send that works takes 1-20 ms. */
  attempt: 4_000,
};

export interface OutgoingRecord {
  readonly topic: string;
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Produces records, each acknowledged by all in-sync replicas. A send that fails or has no answer in time is made once
 * more on fresh sockets, so a record may be there twice: consumers know repeats by their ids.
 */
export class KafkaPublisher {
  readonly #settings: KafkaSettings;
  #open: Promise<OpenProducer> | undefined;
  #lastSuccess = 0;

  constructor(settings: KafkaSettings) {
    this.#settings = settings;
  }

  /** Starts connecting, so that the first record does not wait for it. Failures show at the first send. */
  warm(): void {
    this.#connect().catch(() => this.#drop());
  }

  async send(record: OutgoingRecord): Promise<void> {
    if (this.#open && this.#lastSuccess > 0 && Date.now() - this.#lastSuccess > limits.freshFor) this.#drop();
    try {
      await this.#attempt(record);
    } catch {
      this.#drop();
      await this.#attempt(record);
    }
    this.#lastSuccess = Date.now();
  }

  async #attempt({ topic, key, value, headers }: OutgoingRecord): Promise<void> {
    const message: Message = { key, value, headers: { ...headers } };
    await within(
      limits.attempt,
      this.#connect().then(({ producer }) => producer.send({ topic, messages: [message], acks: -1 })),
    );
  }

  #connect(): Promise<OpenProducer> {
    this.#open ??= openProducer(this.#settings);
    return this.#open;
  }

  #drop(): void {
    const open = this.#open;
    this.#open = undefined;
    open?.then((producer) => producer.destroy()).catch(() => undefined);
  }
}

/** Rejects when `work` takes longer than `ms`. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Kafka did not answer within ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
