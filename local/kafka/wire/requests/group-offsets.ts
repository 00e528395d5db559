import type { Exchange } from '../connection.ts';
import { KafkaError } from '../kafka-error.ts';
import type { BrokerAddress } from './metadata.ts';

/** The broker that keeps a consumer group's offsets. */
export function findCoordinator(groupId: string): Exchange<BrokerAddress> {
  return {
    api: 10,
    version: 1,
    write: (body) => body.string(groupId).int8(0),
    read: (body) => {
      body.int32();
      KafkaError.check(body.int16(), `coordinator of group ${groupId}`);
      body.string();
      return { id: body.int32(), host: body.string() ?? '', port: body.int32() };
    },
  };
}

/** A group's committed offsets; partitions without one are left out. */
export function offsetFetch(
  groupId: string,
  topic: string,
  partitions: readonly number[],
): Exchange<ReadonlyMap<number, number>> {
  return {
    api: 9,
    version: 1,
    write: (body) => {
      body.string(groupId).int32(1).string(topic);
      body.array(partitions, (partition) => body.int32(partition));
    },
    read: (body) => {
      const offsets = new Map<number, number>();
      body.array(() => {
        body.string();
        body.array(() => {
          const partition = body.int32();
          const offset = body.int64();
          body.string();
          KafkaError.check(body.int16(), `committed offsets of group ${groupId}`);
          if (offset >= 0) offsets.set(partition, offset);
        });
      });
      return offsets;
    },
  };
}

/** Commits offsets without being a member of the group: allowed as long as the group has no members. */
export function offsetCommit(groupId: string, topic: string, offsets: ReadonlyMap<number, number>): Exchange<void> {
  return {
    api: 8,
    version: 2,
    write: (body) => {
      body.string(groupId).int32(-1).string('').int64(-1).int32(1).string(topic);
      body.array([...offsets], ([partition, offset]) => body.int32(partition).int64(offset).string(null));
    },
    read: (body) => {
      body.array(() => {
        body.string();
        body.array(() => {
          body.int32();
          KafkaError.check(body.int16(), `commit of group ${groupId}`);
        });
      });
    },
  };
}
