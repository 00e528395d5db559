import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { Journal, type QueuedEvent } from '../../../local/lambda/async/journal.ts';

const root = mkdtempSync(join(tmpdir(), 'journal-'));
const file = join(root, 'queue.jsonl');
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => rmSync(file, { force: true }));

const event = (id: string, payload = '{}'): QueuedEvent => ({
  id,
  functionName: 'f',
  payload,
  acceptedAt: 1,
  traceHeader: 'Root=1',
});

/** What a later process finds. */
function reopened(): ReturnType<Journal['unfinished']> {
  const journal = new Journal(file);
  journal.close();
  return journal.unfinished();
}

describe('the journal of asynchronous invocations', () => {
  it('knows after a restart what is not over, and how far it came', () => {
    const journal = new Journal(file);
    for (const id of ['queued', 'started', 'failed', 'over']) journal.append({ t: 'queued', event: event(id) });
    journal.append({ t: 'started', id: 'started', attempt: 1 });
    journal.append({ t: 'started', id: 'failed', attempt: 2 });
    journal.append({ t: 'failed', id: 'failed', attempt: 2, dueAt: 99, payload: '"why"' });
    journal.append({ t: 'ended', id: 'over', next: event('destination') });
    const expected = [
      { event: event('queued'), attempt: 0, state: 'queued' },
      { event: event('started'), attempt: 1, state: 'started' },
      { event: event('failed'), attempt: 2, state: 'failed', dueAt: 99, lastPayload: '"why"' },
      { event: event('destination'), attempt: 0, state: 'queued' },
    ];
    expect(journal.unfinished()).toEqual(expected);
    // Not closed: the process died.
    expect(reopened()).toEqual(expected);
    expect(reopened()).toEqual(expected);
  });

  it('drops a line that was cut short, and writes on behind it', () => {
    const journal = new Journal(file);
    journal.append({ t: 'queued', event: event('one') });
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"t":"queued","event":{"id":"tw`);
    const next = new Journal(file);
    next.append({ t: 'queued', event: event('three') });
    next.close();
    expect(reopened().map(({ event: { id } }) => id)).toEqual(['one', 'three']);
  });

  it('refuses any other damage', () => {
    writeFileSync(file, 'nonsense\n{"t":"ended","id":"x"}\n');
    expect(() => new Journal(file)).toThrow(/damaged.*line 1/);
  });

  it('stays small however much goes through it', () => {
    const journal = new Journal(file);
    const payload = JSON.stringify('x'.repeat(10_000));
    journal.append({ t: 'queued', event: event('stays') });
    for (let index = 0; index < 2000; index += 1) {
      journal.append({ t: 'queued', event: event(`e${index}`, payload) });
      journal.append({ t: 'ended', id: `e${index}` });
    }
    journal.close();
    expect(statSync(file).size).toBeLessThan(5_000_000);
    expect(reopened()).toEqual([{ event: event('stays'), attempt: 0, state: 'queued' }]);
  });
});
