import type { Exchange } from '../connection.ts';
import type { WireReader } from '../reader.ts';
import { decodeRecordSet, type RecordSet } from '../record-batch.ts';

export interface PartitionFetch {
  readonly partition: number;
  readonly offset: number;
}

export interface FetchedPartition extends RecordSet {
  readonly partition: number;
  readonly errorCode: number;
}

/**
 * Records of partitions that the asked broker leads. It answers at once when there are any, else after `maxWaitMs`.
 * Reads committed records only, as Lambda does.
 */
export function fetch(
  topic: string,
  partitions: readonly PartitionFetch[],
  limits: { maxWaitMs: number; maxBytes: number; partitionMaxBytes: number },
): Exchange<readonly FetchedPartition[]> {
  const from = new Map(partitions.map(({ partition, offset }) => [partition, offset]));
  return {
    api: 1,
    version: 4,
    patienceMs: limits.maxWaitMs,
    write: (body) => {
      body.int32(-1).int32(limits.maxWaitMs).int32(1).int32(limits.maxBytes).int8(1);
      body.int32(1).string(topic);
      body.array(partitions, ({ partition, offset }) => {
        body.int32(partition).int64(offset).int32(limits.partitionMaxBytes);
      });
    },
    read: (body) => {
      body.int32();
      const topics = body.array(() => {
        body.string();
        return body.array(() => fetchedPartition(body, from));
      });
      return topics.flat();
    },
  };
}

function fetchedPartition(body: WireReader, from: ReadonlyMap<number, number>): FetchedPartition {
  const partition = body.int32();
  const errorCode = body.int16();
  body.int64();
  body.int64();
  const aborted = body.array(() => ({ producerId: body.int64(), firstOffset: body.int64() }));
  const bytes = body.bytes(Math.max(0, body.int32()));
  return { partition, errorCode, ...decodeRecordSet(bytes, from.get(partition) ?? 0, aborted) };
}
