import { Cluster } from '../../local/kafka/wire/cluster.ts';
import { offsetCommit } from '../../local/kafka/wire/requests/group-offsets.ts';
import { listOffsets } from '../../local/kafka/wire/requests/list-offsets.ts';

/** Offsets by partition. */
export type Offsets = ReadonlyMap<number, number>;

/** Where a topic ends now. */
export async function endOf(brokers: string, topic: string): Promise<Offsets> {
  const cluster = new Cluster(brokers);
  await cluster.refresh([topic]);
  const ends = await Promise.all(
    [...cluster.leaders(topic)].map(([broker, partitions]) =>
      cluster.toBroker(broker, listOffsets(topic, partitions, 'latest')),
    ),
  );
  cluster.close();
  return new Map(ends.flatMap((end) => [...end]));
}

/** Sets a group back, as `kafka-consumer-groups --reset-offsets` does; nobody of the group may run meanwhile. */
export async function resetOffsets(brokers: string, group: string, topic: string, to: Offsets): Promise<void> {
  const cluster = new Cluster(brokers);
  await cluster.refresh([topic]);
  await cluster.toAddress(await cluster.coordinator(group), offsetCommit(group, topic, to));
  cluster.close();
}
