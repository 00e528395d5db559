import type { MSKEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import {
  eachBySession,
  failuresOf,
  jsonOf,
  recordId,
  recordsOf,
  trailOf,
} from '../../../lambdas/shared/adapters/kafka/msk-event.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

function eventOf(values: readonly { key?: string; value?: string; headers?: Record<string, string> }[]): MSKEvent {
  const records = values.map(({ key, value, headers = {} }, offset) => ({
    topic: 't',
    partition: 0,
    offset,
    timestamp: 1_000,
    timestampType: 'CREATE_TIME' as const,
    ...(key !== undefined && { key: base64(key) }),
    ...(value !== undefined && { value: base64(value) }),
    headers: Object.entries(headers).map(([name, text]) => ({ [name]: [...Buffer.from(text)] })),
  }));
  return {
    eventSource: 'aws:kafka',
    eventSourceArn: 'arn:cluster',
    bootstrapServers: 'b',
    records: { 't-0': records },
  } as unknown as MSKEvent;
}

describe('records of an event source', () => {
  it('are read whole: key, value, headers in UTF-8, and what is missing as null', () => {
    const [full, empty] = recordsOf(eventOf([{ key: 'k', value: '{"a":1}', headers: { name: 'Zürich' } }, {}]));
    expect(full).toMatchObject({ key: base64('k'), headers: { name: 'Zürich' } });
    expect(full && jsonOf(full)).toEqual({ a: 1 });
    expect(empty).toMatchObject({ key: null, value: null });
    expect(empty && jsonOf(empty)).toBeUndefined();
  });

  it('without an id are known by cluster, topic, partition and offset', () => {
    const [first, second] = recordsOf(eventOf([{ value: 'x' }, { value: 'x' }]));
    const [again] = recordsOf(eventOf([{ value: 'x' }]));
    expect(first && again && recordId(first) === recordId(again)).toBe(true);
    expect(first && second && recordId(first) === recordId(second)).toBe(false);
    expect(first && recordId({ ...first, source: 'arn:other' }) === recordId(first)).toBe(false);
  });

  it('begin a trail of their own when their headers hold none, or nonsense', () => {
    const step = { step: 's', component: 'c', action: 'a', at: 1, ms: 1 };
    const hostile = [
      '{"a"',
      JSON.stringify(Array(101).fill(step)),
      JSON.stringify([{ ...step, action: 'x'.repeat(201) }]),
    ];
    const records = recordsOf(eventOf([{}, ...hostile.map((steps) => ({ headers: { traceparent: 'x', steps } }))]));
    expect(records).toHaveLength(4);
    for (const record of records) {
      const trail = trailOf(record);
      expect(trail.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      expect(trail.steps).toEqual([]);
    }
  });

  it('are handled in order within a session, side by side across sessions, and reported with what follows a failure', async () => {
    const records = recordsOf(eventOf([{ key: 'a' }, { key: 'b' }, { key: 'a' }, { key: 'b' }, { key: 'a' }]));
    const handled: number[] = [];
    const failures: number[] = [];
    const left = await eachBySession(
      records,
      async ({ offset }) => {
        if (offset === 2) throw new Error('no');
        handled.push(offset);
      },
      ({ offset }) => failures.push(offset),
    );
    expect(handled.toSorted((a, b) => a - b)).toEqual([0, 1, 3]);
    expect(failures).toEqual([2]);
    expect(failuresOf(left, 'report')).toEqual({
      batchItemFailures: [2, 4].map((offset) => ({ itemIdentifier: { partition: 't-0', offset } })),
    });
    expect(() => failuresOf(left, 'throw')).toThrow(/2 records failed/);
    expect(failuresOf([], 'throw')).toEqual({ batchItemFailures: [] });
  });
});
