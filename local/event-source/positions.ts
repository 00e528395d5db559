import type { Cluster } from '../kafka/wire/cluster.ts';
import { KafkaError } from '../kafka/wire/kafka-error.ts';
import { offsetFetch } from '../kafka/wire/requests/group-offsets.ts';
import { listOffsets } from '../kafka/wire/requests/list-offsets.ts';

/** The first and the last but one offset that a partition offers to readers. */
interface Range {
  readonly earliest: number;
  readonly latest: number;
}

/**
 * Where reading starts in each partition: at the group's committed offset, else where the mapping says. A committed
 * offset that the partition does not (or no longer) have counts as none, and reading starts at the oldest record.
 */
export async function startingPositions(
  cluster: Cluster,
  mapping: { topic: string; consumerGroupId: string; startingPosition: 'TRIM_HORIZON' | 'LATEST' },
): Promise<ReadonlyMap<number, number>> {
  const { topic, consumerGroupId, startingPosition } = mapping;
  const ranges = await readRanges(cluster, topic);
  const coordinator = await cluster.coordinator(consumerGroupId);
  const committed = await cluster.toAddress(coordinator, offsetFetch(consumerGroupId, topic, [...ranges.keys()]));
  const positions = new Map<number, number>();
  for (const [partition, { earliest, latest }] of ranges) {
    const offset = committed.get(partition);
    const isThere = offset !== undefined && offset >= earliest && offset <= latest;
    const fresh = offset === undefined && startingPosition === 'LATEST' ? latest : earliest;
    positions.set(partition, isThere ? offset : fresh);
  }
  return positions;
}

/** The oldest record of a partition. */
export async function earliestOffset(cluster: Cluster, topic: string, partition: number): Promise<number> {
  return (await readRanges(cluster, topic)).get(partition)?.earliest ?? 0;
}

async function readRanges(cluster: Cluster, topic: string): Promise<ReadonlyMap<number, Range>> {
  const { topics } = await cluster.refresh([topic]);
  const errorCode = topics.find(({ name }) => name === topic)?.errorCode ?? 3;
  KafkaError.check(errorCode, `topic ${topic}`);
  const ranges = new Map<number, Range>();
  for (const [leader, partitions] of cluster.leaders(topic)) {
    const earliest = await cluster.toBroker(leader, listOffsets(topic, partitions, 'earliest'));
    const latest = await cluster.toBroker(leader, listOffsets(topic, partitions, 'latest'));
    for (const partition of partitions) {
      ranges.set(partition, { earliest: earliest.get(partition) ?? 0, latest: latest.get(partition) ?? 0 });
    }
  }
  return ranges;
}
