import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecordSet, encodeRecordBatch, type NewRecord } from '../../../local/kafka/wire/record-batch.ts';

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const nullableBytes = fc.option(bytes, { nil: null });
const records: fc.Arbitrary<NewRecord[]> = fc.array(
  fc.record({
    key: nullableBytes,
    value: nullableBytes,
    headers: fc.array(fc.record({ key: fc.string({ maxLength: 20 }), value: nullableBytes }), { maxLength: 4 }),
    timestamp: fc.integer({ min: 0, max: 4_102_444_800_000 }),
  }),
  { minLength: 1, maxLength: 20 },
);

describe('a record batch', () => {
  it('comes back as it was written: nulls, repeated headers, order, times', () => {
    fc.assert(
      fc.property(records, (written) => {
        const { records: read, nextOffset } = decodeRecordSet(encodeRecordBatch(written, 5), 0);
        expect(read).toEqual(
          written.map((record, offset) => ({ ...record, offset, timestampType: 'CREATE_TIME' as const })),
        );
        expect(nextOffset).toBe(written.length);
      }),
      { numRuns: 60 },
    );
  });

  it('gets the time of producing where a record has none', () => {
    const batch = encodeRecordBatch([{ key: null, value: Buffer.from('x'), headers: [] }], 1234);
    expect(decodeRecordSet(batch, 0).records[0]?.timestamp).toBe(1234);
  });

  it('is left for the next fetch when it is cut off', () => {
    const batch = encodeRecordBatch([{ key: null, value: Buffer.from('x'.repeat(50)), headers: [] }], 1);
    const two = Buffer.concat([batch, batch.subarray(0, batch.length - 1)]);
    expect(decodeRecordSet(two, 0)).toMatchObject({ records: [{ offset: 0 }], nextOffset: 1 });
  });

  it('gives only the records from the wanted offset on', () => {
    const value = Buffer.from('x');
    const batch = encodeRecordBatch(
      [1, 2, 3].map(() => ({ key: null, value, headers: [] })),
      1,
    );
    expect(decodeRecordSet(batch, 2).records.map(({ offset }) => offset)).toEqual([2]);
  });

  it('is stepped over when it is a transaction marker or belongs to an aborted transaction', () => {
    const make = (baseOffset: number, attributes: number) => {
      const batch = Buffer.from(
        encodeRecordBatch([{ key: null, value: Buffer.from(`${baseOffset}`), headers: [] }], 1),
      );
      batch.writeBigInt64BE(BigInt(baseOffset), 0);
      batch.writeInt16BE(attributes, 21);
      batch.writeBigInt64BE(7n, 43);
      return batch;
    };
    const transactional = 16;
    const control = 32 | transactional;
    const log = Buffer.concat([make(0, transactional), make(1, control), make(2, transactional), make(3, control)]);
    const aborted = [{ producerId: 7, firstOffset: 0 }];
    expect(decodeRecordSet(log, 0, aborted)).toMatchObject({ records: [{ offset: 2 }], nextOffset: 4 });
  });
});
