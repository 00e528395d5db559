import type { StoredRecord } from '../kafka/wire/record-batch.ts';
import { maxPayloadBytes, payloadBytes } from './kafka-event.ts';

/** Limits of one batch. */
export interface BatchLimits {
  readonly maxRecords: number;
  readonly windowMs: number;
}

/** Room in an event for everything but its records. */
const envelopeBytes = 1024;

/** Records of one partition that were fetched and not yet put into a batch. */
export class PartitionBuffer {
  /** The next offset to fetch. */
  position: number;
  #records: StoredRecord[] = [];
  #bytes = 0;
  #firstAt = 0;

  constructor(position: number) {
    this.position = position;
  }

  get isEmpty(): boolean {
    return this.#records.length === 0;
  }

  /** Whether to stop fetching for a while: enough is here for the next two batches. */
  isFull({ maxRecords }: BatchLimits): boolean {
    return this.#records.length >= maxRecords * 2 || this.#bytes >= maxPayloadBytes * 2;
  }

  add(records: readonly StoredRecord[], position: number, now: number): void {
    if (this.isEmpty) this.#firstAt = now;
    this.#records.push(...records);
    for (const record of records) this.#bytes += payloadBytes(record);
    this.position = position;
  }

  /** Milliseconds until the next batch is due: 0 when it is full or its window has passed. */
  dueIn({ maxRecords, windowMs }: BatchLimits, now: number): number {
    const isWhole = this.#records.length >= maxRecords || this.#bytes >= maxPayloadBytes - envelopeBytes;
    return isWhole ? 0 : Math.max(0, this.#firstAt + windowMs - now);
  }

  /** Takes the next batch; a record that is too large for any invocation comes alone. */
  take({ maxRecords }: BatchLimits): StoredRecord[] {
    let count = 0;
    let bytes = envelopeBytes;
    for (const record of this.#records) {
      bytes += payloadBytes(record);
      if (count === maxRecords || (count > 0 && bytes > maxPayloadBytes)) break;
      count += 1;
    }
    const batch = this.#records.splice(0, count);
    for (const record of batch) this.#bytes -= payloadBytes(record);
    return batch;
  }

  /** Drops what was fetched and starts again at an offset. */
  reset(position: number): void {
    this.#records = [];
    this.#bytes = 0;
    this.position = position;
  }
}
