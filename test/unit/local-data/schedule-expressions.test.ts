import { describe, expect, it } from 'vitest';
import { parseCron } from '../../../local/schedule/cron.ts';
import { ratePeriodMs } from '../../../local/schedule/rate.ts';

describe('a rate expression', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(5 minutes)', 300_000],
    ['rate(1 hour)', 3_600_000],
    ['rate(2 days)', 172_800_000],
  ])('%s is %d ms', (expression, ms) => {
    expect(ratePeriodMs(expression)).toBe(ms);
  });

  it.each(['rate(1 minutes)', 'rate(5 minute)', 'rate(0 minutes)', 'rate(1 second)', 'every minute'])(
    '%s is none',
    (expression) => {
      expect(ratePeriodMs(expression)).toBeUndefined();
    },
  );
});

describe('a cron expression', () => {
  const firstAfter = (expression: string, time: string) => {
    const next = parseCron(expression)?.next(Date.parse(time));
    return next === undefined ? undefined : new Date(next).toISOString();
  };

  it.each([
    ['cron(0 10 * * ? *)', '2026-11-23T09:59:59.999Z', '2026-11-23T10:00:00.000Z'],
    ['cron(0 10 * * ? *)', '2026-11-23T10:00:00.000Z', '2026-11-24T10:00:00.000Z'],
    ['cron(0/15 * * * ? *)', '2026-11-23T10:16:00.000Z', '2026-11-23T10:30:00.000Z'],
    ['cron(15 12 ? * MON-FRI *)', '2026-11-20T13:00:00.000Z', '2026-11-23T12:15:00.000Z'],
    ['cron(0 8 1 * ? *)', '2026-11-23T00:00:00.000Z', '2026-12-01T08:00:00.000Z'],
    ['cron(30 23 29 2 ? *)', '2026-01-01T00:00:00.000Z', '2028-02-29T23:30:00.000Z'],
    ['cron(0,30 6-7 ? JAN SUN 2027)', '2026-11-23T00:00:00.000Z', '2027-01-03T06:00:00.000Z'],
  ])('%s after %s is %s', (expression, time, next) => {
    expect(firstAfter(expression, time)).toBe(next);
  });

  it('ends when its year has passed', () => {
    expect(firstAfter('cron(0 0 1 1 ? 2025)', '2026-01-01T00:00:00Z')).toBeUndefined();
  });

  it.each([
    'cron(0 10 * * ?)',
    'cron(60 10 * * ? *)',
    'cron(0 10 L * ? *)',
    'cron(5-1 * * * ? *)',
    'cron(a b c d e f)',
  ])('%s is not understood', (expression) => {
    expect(parseCron(expression)).toBeUndefined();
  });
});
