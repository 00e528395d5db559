import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BatchOutcome } from '../../../local/event-source/batch-outcome.ts';
import { type DeliveryRules, deliver, type GivenUp } from '../../../local/event-source/delivery.ts';
import type { StoredRecord } from '../../../local/kafka/wire/record-batch.ts';

const rules: DeliveryRules = {
  maximumRetryAttempts: 2,
  maximumRecordAgeSeconds: -1,
  bisect: false,
  firstPauseMs: 0,
  maxPauseMs: 0,
};

const record = (offset: number, more: Partial<StoredRecord> = {}): StoredRecord => ({
  offset,
  key: null,
  value: Buffer.from('x'),
  headers: [],
  timestamp: Date.now(),
  timestampType: 'CREATE_TIME',
  ...more,
});

const offsetsOf = (records: readonly StoredRecord[]) => records.map(({ offset }) => offset);

/** Runs a delivery and keeps what happened. */
async function run(
  batch: readonly StoredRecord[],
  invoke: (offsets: number[], attempt: number) => BatchOutcome | Error,
  changed: Partial<DeliveryRules> = {},
) {
  const invoked: number[][] = [];
  const givenUp: { offsets: number[]; why: GivenUp }[] = [];
  let settled = -1;
  const ports = {
    report: () => undefined,
    settled: (offset: number) => {
      settled = Math.max(settled, offset);
    },
    giveUp: async (records: readonly StoredRecord[], why: GivenUp) => {
      givenUp.push({ offsets: offsetsOf(records), why });
    },
    invoke: async (records: readonly StoredRecord[]) => {
      invoked.push(offsetsOf(records));
      const outcome = invoke(offsetsOf(records), invoked.length);
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  };
  await deliver(batch, { ...rules, ...changed }, ports, new AbortController().signal);
  return { invoked, givenUp, settled };
}

const done: BatchOutcome = { kind: 'done' };
const failed: BatchOutcome = { kind: 'failed', reason: 'Unhandled' };

describe('delivery of a batch', () => {
  it('retries a failed batch as often as the mapping says, then gives it up whole', async () => {
    const { invoked, givenUp, settled } = await run([record(1), record(2)], () => failed);
    expect(invoked).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(givenUp).toEqual([
      { offsets: [1, 2], why: { condition: 'RetriesExhausted', invokeCount: 3, reason: 'Unhandled' } },
    ]);
    expect(settled).toBe(2);
  });

  it('goes on from the lowest record that failed', async () => {
    const { invoked, givenUp } = await run(
      [1, 2, 3, 4].map((o) => record(o)),
      (_, attempt) => (attempt === 1 ? { kind: 'partial', failedFrom: 3 } : done),
    );
    expect(invoked).toEqual([
      [1, 2, 3, 4],
      [3, 4],
    ]);
    expect(givenUp).toEqual([]);
  });

  it('halves a failed batch until the bad record is alone, and gives up only that one', async () => {
    const { invoked, givenUp, settled } = await run(
      [1, 2, 3, 4, 5].map((o) => record(o)),
      (offsets) => (offsets.includes(2) ? failed : done),
      { bisect: true },
    );
    expect(invoked.slice(0, 4)).toEqual([[1, 2, 3, 4, 5], [1, 2, 3], [1, 2], [1]]);
    expect(invoked.filter((offsets) => offsets.length === 1 && offsets[0] === 2)).toHaveLength(3);
    expect(givenUp.map(({ offsets }) => offsets)).toEqual([[2]]);
    expect(settled).toBe(5);
  });

  it('tries again without counting when the function cannot be invoked at all', async () => {
    const { invoked, givenUp } = await run([record(1)], (_, attempt) => (attempt < 6 ? new Error('throttled') : done));
    expect(invoked).toHaveLength(6);
    expect(givenUp).toEqual([]);
  });

  it('gives up records past the age limit without sending them, and those too large for any invocation', async () => {
    const old = record(1, { timestamp: Date.now() - 61_000 });
    const large = record(3, { value: Buffer.alloc(5 * 1024 * 1024) });
    const { invoked, givenUp, settled } = await run([old, record(2), large, record(4)], () => done, {
      maximumRecordAgeSeconds: 60,
    });
    expect(invoked).toEqual([[2, 4]]);
    expect(givenUp.map(({ offsets, why }) => [offsets, why.condition])).toEqual([
      [[1], 'RecordAgeExceeded'],
      [[3], 'MaximumPayloadSizeExceeded'],
    ]);
    expect(settled).toBe(4);
  });

  it('retries without end when the mapping says so', async () => {
    const { invoked } = await run([record(1)], (_, attempt) => (attempt < 50 ? failed : done), {
      maximumRetryAttempts: -1,
    });
    expect(invoked).toHaveLength(50);
  });

  it('loses no record and keeps their order, whatever fails', async () => {
    const outcomes = fc.infiniteStream(fc.nat());
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.boolean(), outcomes, async (size, bisect, draw) => {
        const succeeded: number[] = [];
        const batch = Array.from({ length: size }, (_, index) => record(index));
        const { givenUp, settled } = await run(
          batch,
          (offsets) => {
            const choice = draw.next().value % 4;
            if (choice === 0) return failed;
            const failedFrom = offsets[draw.next().value % offsets.length] ?? 0;
            const outcome: BatchOutcome = choice === 1 ? { kind: 'partial', failedFrom } : done;
            succeeded.push(...offsets.filter((offset) => outcome.kind === 'done' || offset < failedFrom));
            return outcome;
          },
          { bisect },
        );
        const aside = givenUp.flatMap(({ offsets }) => offsets);
        expect([...succeeded, ...aside].sort((a, b) => a - b)).toEqual(offsetsOf(batch));
        expect(succeeded).toEqual([...succeeded].sort((a, b) => a - b));
        expect(settled).toBe(size - 1);
      }),
      { numRuns: 200 },
    );
  });
});
