import type { Exchange } from '../connection.ts';

/** Sends batches (from encodeRecordBatch) to partitions of one topic; every in-sync replica must have them. */
export function produce(
  topic: string,
  batches: ReadonlyMap<number, Buffer>,
  timeoutMs: number,
): Exchange<ReadonlyMap<number, { errorCode: number; baseOffset: number }>> {
  return {
    api: 0,
    version: 3,
    patienceMs: timeoutMs,
    write: (body) => {
      body.string(null).int16(-1).int32(timeoutMs).int32(1).string(topic);
      body.array([...batches], ([partition, batch]) => {
        body.int32(partition).int32(batch.length).bytes(batch);
      });
    },
    read: (body) => {
      const outcome = new Map<number, { errorCode: number; baseOffset: number }>();
      body.array(() => {
        body.string();
        body.array(() => {
          const partition = body.int32();
          outcome.set(partition, { errorCode: body.int16(), baseOffset: body.int64() });
          body.int64();
        });
      });
      return outcome;
    },
  };
}
