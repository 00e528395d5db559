import { describe, expect, it } from 'vitest';
import { batchOutcome } from '../../../local/event-source/batch-outcome.ts';

const batch = { topicPartition: 'chat-requests-1', offsets: [10, 11, 12], reportsItems: true };
const failures = (...list: unknown[]) => ({ batchItemFailures: list.map((itemIdentifier) => ({ itemIdentifier })) });

describe('the answer of a function to a batch', () => {
  it.each([null, undefined, '', {}, { batchItemFailures: [] }, { batchItemFailures: null }, 'fine'])(
    '%j is success',
    (payload) => {
      expect(batchOutcome({ payload }, batch)).toEqual({ kind: 'done' });
    },
  );

  it('goes on from the lowest offset that it names', () => {
    const named = failures({ partition: 'chat-requests-1', offset: 12 }, { partition: 'chat-requests-1', offset: 11 });
    expect(batchOutcome({ payload: named }, batch)).toEqual({ kind: 'partial', failedFrom: 11 });
  });

  it('may name the partition as the guide once did', () => {
    const named = failures({ 'topic-partition': 'chat-requests-1', offset: 12 });
    expect(batchOutcome({ payload: named }, batch)).toEqual({ kind: 'partial', failedFrom: 12 });
  });

  it.each([
    ['another partition', failures({ partition: 'chat-requests-0', offset: 11 })],
    ['an offset that was not sent', failures({ partition: 'chat-requests-1', offset: 13 })],
    ['an offset as text', failures({ partition: 'chat-requests-1', offset: '11' })],
    ['nothing', failures(null)],
    ['a record and something unknown', failures({ partition: 'chat-requests-1', offset: 12 }, {})],
    ['no list', { batchItemFailures: 'all' }],
  ])('fails the whole batch when it names %s', (_, payload) => {
    expect(batchOutcome({ payload }, batch)).toMatchObject({ kind: 'failed' });
  });

  it('fails the whole batch when the function failed', () => {
    const outcome = batchOutcome({ payload: { errorMessage: 'no' }, functionError: 'Unhandled' }, batch);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'Unhandled' });
  });

  it('is not looked at without ReportBatchItemFailures', () => {
    const named = failures({ partition: 'chat-requests-1', offset: 11 });
    expect(batchOutcome({ payload: named }, { ...batch, reportsItems: false })).toEqual({ kind: 'done' });
  });
});
