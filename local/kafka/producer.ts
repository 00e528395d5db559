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
 * would put them, those without one take turns. At least once: an unanswered request is sent again.
 */
export function createProducer(cluster: Cluster, patienceMs = 10_000): Produce {
  let turn = 0;

  async function attempt(topic: string, records: readonly NewRecord[]): Promise<readonly NewRecord[]> {
    const leaders = cluster.leaders(topic);
    const partitions = [...leaders.values()].reduce((sum, list) => sum + list.length, 0);
    if (partitions === 0) throw KafkaError.fromCode(3, `produce to ${topic}`);
    const byPartition = new Map<number, NewRecord[]>();
    for (const record of records) {
      turn += 1;
      const partition = record.key ? partitionOf(record.key, partitions) : turn % partitions;
      byPartition.set(partition, [...(byPartition.get(partition) ?? []), record]);
    }
    for (const [leader, led] of leaders) {
      const mine = led.filter((partition) => byPartition.has(partition));
      if (mine.length === 0) continue;
      const batches = new Map(mine.map((p) => [p, encodeRecordBatch(byPartition.get(p) ?? [], Date.now())]));
      const outcome = await cluster.toBroker(leader, produce(topic, batches, 5000));
      for (const [partition, { errorCode }] of outcome) {
        KafkaError.check(errorCode, `produce to ${topic}-${partition}`);
        byPartition.delete(partition);
      }
    }
    return [...byPartition.values()].flat();
  }

  return async (topic, records) => {
    const deadline = Date.now() + patienceMs;
    for (let wait = 50; ; wait = Math.min(wait * 2, 1000)) {
      try {
        if (cluster.leaders(topic).size === 0) await cluster.refresh(null);
        await attempt(topic, records);
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
