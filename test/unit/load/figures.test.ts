import { describe, expect, it } from 'vitest';
import { simulate } from '../../../scripts/scale/simulate.ts';
import { compare } from '../../load/compare.ts';
import { type Metric, Metrics, meets } from '../../load/metrics.ts';
import { median, summarize } from '../../load/percentiles.ts';
import { randomOf } from '../../support/random.ts';

const metric = (rounds: readonly number[], better: Metric['better'] = 'less'): Metric => ({
  name: 'latency',
  unit: 'ms',
  better,
  rounds,
  value: median(rounds),
});

describe('figures', () => {
  it('have the percentile that no more than its share is above', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(summarize(values)).toMatchObject({ count: 100, p50: 50, p95: 95, p99: 99, max: 100, mean: 50.5 });
    expect(summarize([7])).toMatchObject({ p50: 7, p99: 7 });
  });

  it('are the median of their rounds, and know their target', () => {
    const metrics = new Metrics();
    for (const value of [9, 1, 5]) metrics.add('latency', value, { unit: 'ms', better: 'less', target: 4 });
    const [latency] = metrics.all();
    expect(latency).toMatchObject({ value: 5, rounds: [9, 1, 5] });
    expect(latency && meets(latency)).toBe(false);
    expect(meets({ ...metric([5], 'more'), target: 4 })).toBe(true);
  });

  it.each([
    [[100, 102, 98], [104, 103, 106], 'noise'],
    [[100, 102, 98], [140, 141, 139], 'worse'],
    [[100, 102, 98], [60, 61, 59], 'better'],
    [[100, 160, 70], [140, 141, 139], 'noise'],
    [[100], [120], 'noise'],
  ] as const)('of %j and %j differ by %s', (before, after, verdict) => {
    expect(compare([metric(before)], [metric(after)])[0]?.verdict).toBe(verdict);
  });

  it('know that more may be better', () => {
    expect(compare([metric([30, 30], 'more')], [metric([20, 20], 'more')])[0]?.verdict).toBe('worse');
  });
});

describe('a simulated event source', () => {
  const load = { partitions: 4, slots: 5, batchSize: 100, baseMs: 40, perRecordMs: 1, seconds: 10 };

  it('takes an invocation for a record when nothing else waits', () => {
    const { p50, left } = simulate({ ...load, perSecond: 2 }, randomOf(1).next);
    expect(p50).toBeGreaterThanOrEqual(41);
    expect(p50).toBeLessThan(45);
    expect(left).toBeLessThan(2);
  });

  it('does not keep up with more than its partitions carry one by one, and does in batches', () => {
    const one = simulate({ ...load, perSecond: 400, batchSize: 1 }, randomOf(1).next);
    expect(one.left).toBeGreaterThan(2_000);
    expect(simulate({ ...load, perSecond: 400 }, randomOf(1).next).left).toBeLessThan(100);
  });
});
