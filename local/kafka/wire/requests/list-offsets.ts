import type { Exchange } from '../connection.ts';
import { KafkaError } from '../kafka-error.ts';

/** The first offset of each partition (`earliest`) or the one behind its last record (`latest`). */
export function listOffsets(
  topic: string,
  partitions: readonly number[],
  which: 'earliest' | 'latest',
): Exchange<ReadonlyMap<number, number>> {
  return {
    api: 2,
    version: 1,
    write: (body) => {
      body.int32(-1).int32(1).string(topic);
      body.array(partitions, (partition) => body.int32(partition).int64(which === 'earliest' ? -2 : -1));
    },
    read: (body) => {
      const offsets = new Map<number, number>();
      body.array(() => {
        body.string();
        body.array(() => {
          const partition = body.int32();
          KafkaError.check(body.int16(), `offsets of ${topic}-${partition}`);
          body.int64();
          offsets.set(partition, body.int64());
        });
      });
      return offsets;
    },
  };
}
