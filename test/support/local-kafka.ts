import { EventEmitter, once } from 'node:events';
import type { InvokeResult } from '../../local/event-source/batch-outcome.ts';
import type { KafkaEvent, KafkaEventRecord } from '../../local/event-source/kafka-event.ts';
import { type EventSource, type EventSourceOptions, startEventSource } from '../../local/event-source/start.ts';
import type { Kafka } from '../../local/kafka/start.ts';
import { createLog } from '../../local/log.ts';
import type { KafkaEventSourceSpec, TopicSpec } from '../../local/template/model.ts';

export const topic = (name: string, more: Partial<TopicSpec> = {}): TopicSpec => ({
  name,
  partitions: 4,
  replicationFactor: 1,
  configs: {},
  ...more,
});

/** A log that keeps its lines. */
export function keptLog() {
  const lines: string[] = [];
  return { lines, log: createLog((line) => lines.push(line), 'debug') };
}

/** One record with text for key and value. */
export const text = (key: string | null, value: string) => ({
  key: key === null ? null : Buffer.from(key),
  value: Buffer.from(value),
  headers: [],
});

export const recordText = ({ value = '' }: KafkaEventRecord) => Buffer.from(value, 'base64').toString();

/** An event source on a topic whose function is a test's own, with everything that reached it. */
export class SourceUnderTest {
  readonly events: KafkaEvent[] = [];
  readonly lines: string[];
  readonly #source: EventSource;
  readonly #arrived = new EventEmitter();

  constructor(
    kafka: Pick<Kafka, 'brokers' | 'produce'>,
    spec: Pick<KafkaEventSourceSpec, 'topic'> & Partial<KafkaEventSourceSpec>,
    handler: (records: KafkaEventRecord[], event: KafkaEvent) => Promise<InvokeResult | undefined> | undefined,
    options: Partial<EventSourceOptions> = {},
  ) {
    const { lines, log } = keptLog();
    this.lines = lines;
    this.#source = startEventSource({
      spec: {
        logicalId: 'Source',
        functionName: 'fn',
        consumerGroupId: `group-${spec.topic}`,
        clusterArn: 'arn:aws:kafka:us-east-1:111122223333:cluster/chat/3f1c',
        batchSize: 100,
        batchingWindowSeconds: 0,
        startingPosition: 'TRIM_HORIZON',
        maximumRetryAttempts: 2,
        maximumRecordAgeSeconds: -1,
        bisectBatchOnFunctionError: false,
        reportBatchItemFailures: true,
        enabled: true,
        ...spec,
      },
      brokers: kafka.brokers,
      produce: kafka.produce,
      log,
      retryPauseMs: { first: 1, max: 20 },
      invoke: async (_, event) => {
        this.events.push(event);
        const handled = handler(Object.values(event.records).flat(), event);
        this.#arrived.emit('event');
        const result = await handled;
        this.#arrived.emit('event');
        return result ?? { payload: null };
      },
      ...options,
    });
  }

  get records(): KafkaEventRecord[] {
    return this.events.flatMap((event) => Object.values(event.records).flat());
  }

  /** Values of the records that reached the function, in order of arrival. */
  get values(): string[] {
    return this.records.map(recordText);
  }

  /** Waits until a condition on what arrived holds; looked at whenever an invocation begins or ends. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await once(this.#arrived, 'event', { signal: AbortSignal.timeout(10_000) });
  }

  stop(graceMs?: number): Promise<void> {
    return this.#source.stop(graceMs);
  }
}
