import { describe, expect, it } from 'vitest';
import { createLog } from '../../../local/log.ts';

describe('log lines for people', () => {
  const lines: string[] = [];
  const log = createLog((line) => lines.push(line));
  const last = () => (lines.at(-1) ?? '').replace(/^\d\d:\d\d:\d\d\.\d{3} /, '');

  it('show a function’s JSON as time, component, step and facts, ids cut short', () => {
    log.for('fallback').line(
      JSON.stringify({
        level: 'info',
        time: '2026-01-02T03:04:05.678Z',
        component: 'supervisor',
        step: 'consumed',
        session_id: '0b8e7c1e-7c61-4b3e-9d0c-3c1b8e4c9a11',
        traceparent: '00-x-y-01',
        note: 'two words',
        n: 3,
        ms: 12.4,
      }),
    );
    expect(lines.at(-1)).toMatch(/^\d\d:\d\d:05\.678 /);
    expect(last()).toBe('supervisor   consumed session=0b8e7c1e note="two words" n=3 12 ms');
  });

  it('mark warnings and errors, and name the function where the record does not', () => {
    log.for('worker').line('{"level":"error","message":"it broke"}');
    expect(last()).toBe('ERROR worker       it broke');
  });

  it('leave any other line as it is', () => {
    for (const text of ['plain', '{not json', '[1]']) {
      log.line(text);
      expect(lines.at(-1)).toBe(text);
    }
  });

  it('drop what is below the level', () => {
    const before = lines.length;
    log.debug('details');
    expect(lines).toHaveLength(before);
  });
});
