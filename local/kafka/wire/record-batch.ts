import { decompress } from './compression.ts';
import { crc32c } from './crc32c.ts';
import { WireReader } from './reader.ts';
import { WireWriter } from './writer.ts';

/** Header values may be null, names may repeat, and order counts. */
export interface RecordHeader {
  readonly key: string;
  readonly value: Buffer | null;
}

/** A record to be produced. Without a timestamp (milliseconds) it gets the time of producing. */
export interface NewRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
  readonly timestamp?: number;
}

/** A record as a partition holds it. */
export interface StoredRecord extends NewRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly timestampType: 'CREATE_TIME' | 'LOG_APPEND_TIME';
}

/** What a fetch brought of one partition; `nextOffset` is behind the last whole batch, control records included. */
export interface RecordSet {
  readonly records: StoredRecord[];
  readonly nextOffset: number;
}

const batchHeader = 61;
const crcStart = 21;

/** One record batch (format 2) as a producer sends it. */
export function encodeRecordBatch(records: readonly NewRecord[], now: number): Buffer {
  const times = records.map((record) => record.timestamp ?? now);
  const base = times[0] ?? now;
  const batch = new WireWriter(256 + records.reduce((sum, { value }) => sum + (value?.length ?? 0) + 128, 0))
    .int64(0)
    .int32(0)
    .int32(-1)
    .int8(2)
    .int32(0)
    .int16(0)
    .int32(records.length - 1)
    .int64(base)
    .int64(Math.max(base, ...times))
    .int64(-1)
    .int16(-1)
    .int32(-1)
    .int32(records.length);
  records.forEach((record, index) => {
    const body = encodeRecord(record, (times[index] ?? base) - base, index);
    batch.varint(body.length).bytes(body);
  });
  batch.patchInt32(8, batch.length - 12);
  batch.patchInt32(17, crc32c(batch.view(crcStart)));
  return batch.view();
}

function encodeRecord(record: NewRecord, timestampDelta: number, offsetDelta: number): Buffer {
  const body = new WireWriter().int8(0).varint(timestampDelta).varint(offsetDelta);
  body.varintBytes(record.key).varintBytes(record.value).varint(record.headers.length);
  for (const { key, value } of record.headers) body.varintBytes(Buffer.from(key, 'utf8')).varintBytes(value);
  return body.view();
}

export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

/**
 * The records of a fetched partition. The last batch may be cut off, as brokers do at the size limit; it comes whole
 * with the next fetch. Stepped over: transaction markers, records of aborted transactions, formats before Kafka 0.11.
 */
export function decodeRecordSet(bytes: Buffer, from: number, aborted: readonly AbortedTransaction[] = []): RecordSet {
  const records: StoredRecord[] = [];
  const ahead = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const aborting = new Set<number>();
  let nextOffset = from;
  for (let at = 0; at + batchHeader <= bytes.length; ) {
    const end = at + 12 + bytes.readInt32BE(at + 8);
    if (end > bytes.length) break;
    const batch = bytes.subarray(at, end);
    const baseOffset = Number(batch.readBigInt64BE(0));
    nextOffset = baseOffset + 1;
    if (batch.readInt8(16) === 2) {
      nextOffset += batch.readInt32BE(23);
      while (ahead[0] && ahead[0].firstOffset <= baseOffset) aborting.add(ahead.shift()?.producerId ?? -1);
      decodeBatch(batch, baseOffset, from, aborting, records);
    }
    at = end;
  }
  return { records, nextOffset: Math.max(from, nextOffset) };
}

function decodeBatch(batch: Buffer, baseOffset: number, from: number, aborting: Set<number>, into: StoredRecord[]) {
  const head = new WireReader(batch, crcStart);
  const attributes = head.int16();
  head.int32();
  const baseTime = head.int64();
  const maxTime = head.int64();
  const producerId = head.int64();
  head.int16();
  head.int32();
  const isTransactional = (attributes & 16) !== 0;
  const isControl = (attributes & 32) !== 0;
  if (isControl) {
    aborting.delete(producerId);
  } else if (!(isTransactional && aborting.has(producerId))) {
    const appendTime = (attributes & 8) !== 0 ? maxTime : undefined;
    const count = head.int32();
    const reader = new WireReader(decompress(attributes & 7, batch.subarray(batchHeader)));
    for (let left = count; left > 0; left -= 1) {
      const record = decodeRecord(reader, baseOffset, baseTime, appendTime);
      if (record.offset >= from) into.push(record);
    }
  }
}

function decodeRecord(
  reader: WireReader,
  baseOffset: number,
  baseTime: number,
  appendTime: number | undefined,
): StoredRecord {
  reader.varint();
  reader.int8();
  const created = baseTime + reader.varint();
  const offset = baseOffset + reader.varint();
  const key = reader.varintBytes();
  const value = reader.varintBytes();
  const headers: RecordHeader[] = [];
  for (let left = reader.varint(); left > 0; left -= 1) {
    headers.push({ key: reader.varintBytes()?.toString('utf8') ?? '', value: reader.varintBytes() });
  }
  const timestampType = appendTime === undefined ? 'CREATE_TIME' : 'LOG_APPEND_TIME';
  return { offset, timestamp: appendTime ?? created, timestampType, key, value, headers };
}
