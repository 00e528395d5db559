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

/** A producer that connects or has connected, and when it was last known to work. */
interface Line {
  readonly open: Promise<OpenProducer>;
  lastSuccess: number;
}

/**
 * Produces records, each acknowledged by all in-sync replicas. A send that fails or has no answer in time is made once
 * more on fresh sockets, so a record may be there twice: consumers know repeats by their ids. Sends side by side share
 * one producer, and the one fresh producer that takes the place of a bad one.
 */
export class KafkaPublisher {
  readonly #settings: KafkaSettings;
  #line: Line | undefined;

  constructor(settings: KafkaSettings) {
    this.#settings = settings;
  }

  /** Starts connecting, so that the first record does not wait for it. Failures show at the first send. */
  warm(): void {
    const line = this.#fresh();
    line.open.catch(() => this.#drop(line));
  }

  async send(record: OutgoingRecord): Promise<void> {
    const line = this.#fresh();
    try {
      await attempt(line, record);
    } catch {
      this.#drop(line);
      await attempt(this.#fresh(), record);
    }
  }

  #fresh(): Line {
    const line = this.#line;
    if (line && Date.now() - line.lastSuccess > limits.freshFor) this.#drop(line);
    // As fresh as one that has just worked: who comes meanwhile waits for it to connect.
    this.#line ??= { open: openProducer(this.#settings), lastSuccess: Date.now() };
    return this.#line;
  }

  /** Cuts a line, unless another has its place already: others may have had the same bad luck with it. */
  #drop(line: Line): void {
    if (this.#line === line) this.#line = undefined;
    line.open.then((producer) => producer.destroy()).catch(() => undefined);
  }
}

async function attempt(line: Line, { topic, key, value, headers }: OutgoingRecord): Promise<void> {
  const message: Message = { key, value, headers: { ...headers } };
  const sent = line.open.then(({ producer }) => producer.send({ topic, messages: [message], acks: -1 }));
  await within(limits.attempt, sent);
  line.lastSuccess = Date.now();
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
