import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './wire/cluster.ts';
import { KafkaError } from './wire/kafka-error.ts';
import { partitionOf } from './wire/partitioner.ts';
import { encodeRecordBatch, type NewRecord } from './wire/record-batch.ts';
import { produce } from './wire/requests/produce.ts';

/** Writes records to a topic; resolves when all in-sync replicas have them. */
export type Produce = (topic: string, records: readonly NewRecord[]) => Promise<void>;

/**
 * A producer that retries what may succeed later, for `patienceMs`. Records with a key go where every Kafka client
 * would put them, those without one take turns. At least once: an unanswered request is sent again, but nothing that
 * was acknowledged, so that one partition without a leader does not double the records of the others.
 */
export function createProducer(cluster: Cluster, patienceMs = 10_000): Produce {
  let turn = 0;

  function placed(topic: string, records: readonly NewRecord[]): Map<number, NewRecord[]> {
    const partitions = [...cluster.leaders(topic).values()].reduce((sum, list) => sum + list.length, 0);
    if (partitions === 0) throw KafkaError.fromCode(3, `produce to ${topic}`);
    return Map.groupBy(records, ({ key }) => {
      turn += 1;
      return key ? partitionOf(key, partitions) : turn % partitions;
    });
  }

  /** Sends what is open to the leaders; takes out what was acknowledged, then throws the first error, if any. */
  async function attempt(topic: string, open: Map<number, NewRecord[]>): Promise<void> {
    let failure: KafkaError | undefined;
    for (const [leader, led] of cluster.leaders(topic)) {
      const mine = led.filter((partition) => open.has(partition));
      if (mine.length === 0) continue;
      const batches = new Map(mine.map((p) => [p, encodeRecordBatch(open.get(p) ?? [], Date.now())]));
      const outcome = await cluster.toBroker(leader, produce(topic, batches, 5000));
      for (const [partition, { errorCode }] of outcome) {
        if (errorCode === 0) open.delete(partition);
        else failure ??= KafkaError.fromCode(errorCode, `produce to ${topic}-${partition}`);
      }
    }
    if (open.size > 0) throw failure ?? KafkaError.fromCode(3, `produce to ${topic}`);
  }

  return async (topic, records) => {
    const deadline = Date.now() + patienceMs;
    let open: Map<number, NewRecord[]> | undefined;
    for (let wait = 50; ; wait = Math.min(wait * 2, 1000)) {
      try {
        if (cluster.leaders(topic).size === 0) await cluster.refresh(null);
        open ??= placed(topic, records);
        await attempt(topic, open);
        return;
      } catch (error) {
        const mayRetry = error instanceof KafkaError && error.retryable && Date.now() + wait < deadline;
        if (!mayRetry) throw error;
        await sleep(wait);
        await cluster.refresh(null).catch(() => undefined);
      }
    }
  };
}
