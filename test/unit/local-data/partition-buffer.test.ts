import { describe, expect, it } from 'vitest';
import { maxPayloadBytes } from '../../../local/event-source/kafka-event.ts';
import { PartitionBuffer } from '../../../local/event-source/partition-buffer.ts';
import type { StoredRecord } from '../../../local/kafka/wire/record-batch.ts';

const records = (count: number, size = 1): StoredRecord[] =>
  Array.from({ length: count }, (_, offset) => ({
    offset,
    key: null,
    value: Buffer.alloc(size),
    headers: [],
    timestamp: 0,
    timestampType: 'CREATE_TIME',
  }));

describe('the buffer of a partition', () => {
  it('waits for the window unless a batch is whole', () => {
    const buffer = new PartitionBuffer(0);
    const limits = { maxRecords: 3, windowMs: 100 };
    buffer.add(records(2), 2, 1000);
    expect(buffer.dueIn(limits, 1040)).toBe(60);
    expect(buffer.dueIn(limits, 1100)).toBe(0);
    buffer.add(records(1), 3, 1050);
    expect(buffer.dueIn(limits, 1050)).toBe(0);
  });

  it('gives batches of no more records than the mapping allows', () => {
    const buffer = new PartitionBuffer(0);
    buffer.add(records(5), 5, 0);
    const sizes = [1, 2, 3].map(() => buffer.take({ maxRecords: 2, windowMs: 0 }).length);
    expect(sizes).toEqual([2, 2, 1]);
    expect(buffer.isEmpty).toBe(true);
  });

  it('keeps a batch below 6 MB of payload', () => {
    const buffer = new PartitionBuffer(0);
    buffer.add(records(5, 1024 * 1024), 5, 0);
    expect(buffer.dueIn({ maxRecords: 100, windowMs: 1000 }, 0)).toBe(0);
    expect(buffer.take({ maxRecords: 100, windowMs: 0 })).toHaveLength(4);
  });

  it('lets a record through alone that is larger than that', () => {
    const buffer = new PartitionBuffer(0);
    buffer.add(records(2, maxPayloadBytes), 2, 0);
    expect(buffer.take({ maxRecords: 100, windowMs: 0 })).toHaveLength(1);
  });

  it('is full when it holds two batches', () => {
    const buffer = new PartitionBuffer(0);
    const limits = { maxRecords: 2, windowMs: 0 };
    buffer.add(records(3), 3, 0);
    expect(buffer.isFull(limits)).toBe(false);
    buffer.add(records(1), 4, 0);
    expect(buffer.isFull(limits)).toBe(true);
  });
});
