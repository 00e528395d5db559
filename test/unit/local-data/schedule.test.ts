import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSchedule } from '../../../local/schedule/start.ts';
import { keptLog } from '../../support/local-kafka.ts';

describe('a schedule', () => {
  const { log, lines } = keptLog();
  const invoked: { functionName: string; event: unknown; at: string }[] = [];
  const invokeAsync = async (functionName: string, event: unknown) => {
    invoked.push({ functionName, event, at: new Date().toISOString() });
  };
  const start = (expression: string, more: object = {}) =>
    startSchedule({
      spec: { logicalId: 'Sweep', expression, functionName: 'sweep', enabled: true, ...more },
      invokeAsync,
      log,
      region: 'eu-west-1',
      accountId: '111122223333',
    });

  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-11-23T10:00:30Z') });
    invoked.length = 0;
    lines.length = 0;
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('with a rate fires at once, soon again, and then once per period', () => {
    const schedule = start('rate(1 minute)');
    vi.advanceTimersByTime(126_000);
    expect(invoked.map(({ at }) => at.slice(11, 19))).toEqual(['10:00:30', '10:00:35', '10:01:35', '10:02:35']);
    schedule.stop();
    vi.advanceTimersByTime(600_000);
    expect(invoked).toHaveLength(4);
  });

  it('with a cron expression fires at its times', () => {
    const schedule = start('cron(0/5 * * * ? *)');
    vi.advanceTimersByTime(600_000);
    expect(invoked.map(({ at }) => at.slice(11, 19))).toEqual(['10:05:00', '10:10:00']);
    schedule.stop();
  });

  it('with a far time fires then, though no timer reaches so far', () => {
    const schedule = start('cron(0 0 1 3 ? *)');
    vi.advanceTimersByTime(Date.parse('2027-02-28T23:59:59Z') - Date.now());
    expect(invoked).toEqual([]);
    vi.advanceTimersByTime(2000);
    expect(invoked).toHaveLength(1);
    schedule.stop();
  });

  it('hands over EventBridge’s event, or the rule’s own input', () => {
    start('rate(1 day)').stop();
    vi.advanceTimersByTime(1);
    expect(invoked).toEqual([]);
    const schedules = [start('rate(1 day)'), start('rate(1 day)', { input: { only: 'this' } })];
    vi.advanceTimersByTime(1);
    expect(invoked.map(({ event }) => event)).toEqual([
      {
        version: '0',
        id: expect.any(String),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: '111122223333',
        time: '2026-11-23T10:00:30Z',
        region: 'eu-west-1',
        resources: ['arn:aws:events:eu-west-1:111122223333:rule/Sweep'],
        detail: {},
      },
      { only: 'this' },
    ]);
    for (const schedule of schedules) schedule.stop();
  });

  it('does not fire when it is disabled, or not understood, which it says', () => {
    start('rate(1 minute)', { enabled: false });
    start('cron(0 0 L * ? *)');
    vi.advanceTimersByTime(120_000);
    expect(invoked).toEqual([]);
    expect(lines.join()).toContain("'cron(0 0 L * ? *)' is not understood");
  });

  it('goes on when its function cannot be invoked', async () => {
    const failing = startSchedule({
      spec: { logicalId: 'Sweep', expression: 'rate(1 minute)', functionName: 'sweep', enabled: true },
      invokeAsync: () => Promise.reject(new Error('no such function')),
      log,
    });
    await vi.advanceTimersByTimeAsync(61_000);
    expect(lines.filter((line) => line.includes('no such function'))).toHaveLength(2);
    failing.stop();
  });
});
