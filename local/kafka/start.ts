import type { Log } from '../log.ts';
import type { TopicSpec } from '../template/model.ts';
import { startEmbedded } from './embedded.ts';
import { connectExternal } from './external.ts';
import type { Produce } from './producer.ts';

export interface Kafka {
  /** `host:port,…`, for functions and for anyone who wants to attach. */
  readonly brokers: string;
  /** A UUID that changes when the offsets of the topics start anew. */
  readonly incarnation: string;
  readonly produce: Produce;
  stop(): Promise<void>;
}

export interface EmbeddedKafka extends Kafka {
  /** For tests of loss: ends the broker with all it held and starts an empty one, at another address. */
  restart(): Promise<void>;
}

export interface KafkaOptions {
  /** Addresses of a real Kafka; without them an embedded broker is started. */
  readonly brokers?: string | undefined;
  readonly topics: readonly TopicSpec[];
  readonly log: Log;
  /** How long the address may take to answer; 4.5 s. */
  readonly answerWithinMs?: number;
}

/**
 * Kafka with all topics of the template in place: a real one at an address, or the embedded broker, which keeps
 * nothing beyond its life. Rejects with StartupError when the address does not answer within about 5 s.
 */
export function startKafka(options: KafkaOptions & { brokers?: undefined }): Promise<EmbeddedKafka>;
export function startKafka(options: KafkaOptions): Promise<Kafka>;
export function startKafka({ brokers, topics, log, answerWithinMs = 4500 }: KafkaOptions): Promise<Kafka> {
  return brokers ? connectExternal(brokers, topics, log, answerWithinMs) : startEmbedded(topics, log);
}
