import { describe, expect, it } from 'vitest';
import { deadRecordOf, recordId } from '../../../lambdas/shared/adapters/kafka/msk-event.ts';
import { failureRecord } from '../../../local/event-source/failure-record.ts';
import type { StoredRecord } from '../../../local/kafka/wire/record-batch.ts';
import { readCommand, select } from '../../../scripts/redrive/command.ts';
import { againOf, readDeadLetter } from '../../../scripts/redrive/dead-letter.ts';
import type { Case } from '../../../scripts/redrive/dead-letter-topics.ts';
import { markRecord, readMark } from '../../../scripts/redrive/mark.ts';
import { age, listed, shown } from '../../../scripts/redrive/view.ts';

const session_id = '7d0f2a52-4a44-4f0e-8f57-0c6a3d6a1111';
const source = 'arn:aws:kafka:eu-west-1:1:cluster/c/u';
const body = JSON.stringify({ session_id, message: 'Grüße' });

function stored(part: Partial<StoredRecord>): StoredRecord {
  const empty = { key: null, value: null, headers: [], timestamp: 1_000, timestampType: 'CREATE_TIME' as const };
  return { ...empty, offset: 12, ...part };
}

function headers(entries: Readonly<Record<string, string>>) {
  return Object.entries(entries).map(([key, text]) => ({ key, value: Buffer.from(text) }));
}

function caseOf(record: StoredRecord, marks: Case['marks'] = []): Case {
  return { ...readDeadLetter('chat-requests-dlt', 0, record), marks };
}

/** As `deadLetterTopic` writes it. */
const noted = stored({
  key: Buffer.from(session_id),
  value: Buffer.from(body),
  headers: headers({
    traceparent: '00-1-2-01',
    'record-id': '11111111-2222-4333-8444-555555555555',
    'dead-letter-reason': 'There is no such session.',
    'dead-letter-topic': 'chat-requests',
    'dead-letter-partition': '3',
    'dead-letter-offset': '77',
    'dead-letter-at': '2026-11-23T10:00:00.000Z',
  }),
});

/** As Lambda's event source writes it. */
function givenUp(): StoredRecord {
  const origin = { eventSourceArn: source, bootstrapServers: 'b:9098', topic: 'chat-requests', functionArn: 'arn:f' };
  const record = stored({
    key: Buffer.from(session_id),
    value: Buffer.from(body),
    headers: headers({ a: '1' }),
    offset: 5,
  });
  const failure = { condition: 'RetriesExhausted' as const, invokeCount: 6, functionError: 'Unhandled' };
  return stored({ ...failureRecord(origin, 2, record, failure), timestamp: 1_000 });
}

describe('a dead letter', () => {
  it('that our function set aside tells why, whose, from where, and when', () => {
    expect(readDeadLetter('chat-requests-dlt', 1, noted)).toMatchObject({
      ref: 'chat-requests-dlt:1:12',
      reason: 'There is no such session.',
      sessionId: session_id,
      origin: { topic: 'chat-requests', partition: 3, offset: 77 },
      setAsideAt: Date.parse('2026-11-23T10:00:00Z'),
    });
  });

  it('is sent again as it came: key, value and headers, without the notes, with its id', () => {
    const again = againOf(readDeadLetter('chat-requests-dlt', 1, noted));
    expect(again?.value?.toString()).toBe(body);
    expect(again?.key?.toString()).toBe(session_id);
    expect(again?.headers.map(({ key, value }) => [key, value?.toString()])).toEqual([
      ['traceparent', '00-1-2-01'],
      ['record-id', '11111111-2222-4333-8444-555555555555'],
    ]);
  });

  it('keeps the id that its consumer knows it by, wherever and however often it is set aside', () => {
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const place = { topic: 'chat-requests', partition: 3, offset: 77, timestamp: 1, source };
    const consumed = { ...place, key: base64('k'), value: base64(body), headers: {} };
    const first = deadRecordOf(consumed, 'no');
    const later = { ...consumed, partition: 0, offset: 200, headers: first.headers };
    expect(first.headers['record-id']).toBe(recordId(consumed));
    expect(recordId(later)).toBe(recordId(consumed));
    expect(deadRecordOf(later, 'no').headers).toEqual(first.headers);
    expect(recordId({ ...later, headers: { 'record-id': 'no id' } })).not.toBe(recordId(consumed));
  });

  it('of the event source holds the record whole, and the id that the consumer would give it where it stood', () => {
    const letter = readDeadLetter('chat-requests-dlt', 0, givenUp());
    expect(letter).toMatchObject({
      reason: expect.stringContaining('RetriesExhausted'),
      sessionId: session_id,
      origin: { topic: 'chat-requests', partition: 2, offset: 5 },
    });
    const place = { topic: 'chat-requests', partition: 2, offset: 5, source, key: null, value: null, timestamp: 0 };
    expect(letter.recordId).toBe(recordId({ ...place, headers: {} }));
    const again = againOf(letter);
    expect(again?.value?.toString()).toBe(body);
    expect(again?.headers.map(({ key }) => key)).toEqual(['a', 'record-id']);
  });

  it('that tells of a record without holding it, or of several, cannot be sent', () => {
    const whole = JSON.parse(String(givenUp().value)) as { payload?: { records: Record<string, object[]> } };
    const { payload, ...metadata } = whole;
    const [records = []] = Object.values(payload?.records ?? {});
    const several = { ...whole, payload: JSON.stringify({ records: { 'chat-requests-2': [...records, ...records] } }) };
    for (const document of [metadata, several]) {
      const letter = readDeadLetter('chat-requests-dlt', 0, stored({ value: Buffer.from(JSON.stringify(document)) }));
      expect(againOf(letter)).toBeUndefined();
      expect(shown({ ...letter, marks: [] }, 0)).toMatchObject({ can_be_sent: false, value: null });
    }
  });

  it('that somebody put there without notes is read all the same, and sent to the topic of that name', () => {
    for (const value of [
      null,
      Buffer.from('no json'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('[]'),
      Buffer.from('{"ref":1}'),
    ]) {
      const letter = caseOf(stored({ value, key: Buffer.from('k') }));
      expect(letter).toMatchObject({ origin: { topic: 'chat-requests' }, setAsideAt: 1_000, sessionId: 'k' });
      expect(againOf(letter)?.value).toEqual(value);
    }
    expect(shown(caseOf(stored({ value: Buffer.from([0xff, 0xfe]) })), 0)).toMatchObject({ value: 'base64://4=' });
  });
});

describe('a mark', () => {
  it('names its dead letter, and is no dead letter itself', () => {
    const letter = readDeadLetter('chat-requests-dlt', 1, noted);
    const mark = { action: 'dropped' as const, at: '2026-11-23T10:05:00.000Z', by: 'ada@host' };
    const written = markRecord(letter, mark);
    expect(written.key).toEqual(noted.key);
    expect(readMark(stored(written))).toEqual({ ref: letter.ref, ...mark });
    expect(readMark(noted)).toBeUndefined();
    expect(readMark(givenUp())).toBeUndefined();
    expect(
      readMark(stored({ headers: headers({ 'dead-letter-mark': 'sent' }), value: Buffer.from('?') })),
    ).toBeUndefined();
  });
});

describe('the command', () => {
  const open = caseOf(noted);
  const sent = caseOf({ ...noted, offset: 13 }, [{ ref: 'chat-requests-dlt:0:13', action: 'sent', at: '', by: '' }]);
  const chosen = (...args: string[]) => select([open, sent], readCommand(args)).map(({ ref }) => ref);

  it('lists what is open, and with --all what was decided too', () => {
    expect(chosen('list')).toEqual([open.ref]);
    expect(chosen('list', '--all')).toEqual([open.ref, sent.ref]);
    expect(chosen('list', '--reason', 'no such')).toEqual([open.ref]);
    expect(chosen('list', '--session', 'other')).toEqual([]);
  });

  it('sends all that are open, never again what was decided, unless asked', () => {
    expect(chosen('send', '--all')).toEqual([open.ref]);
    expect(chosen('send', '--all', '--again')).toEqual([open.ref, sent.ref]);
    expect(chosen('drop', sent.ref)).toEqual([sent.ref]);
  });

  it('refuses what it does not understand', () => {
    const wrong = [[], ['burn'], ['send'], ['show', '--all'], ['list', 'x'], ['list', '--loud'], ['send', 'x:0:0']];
    for (const args of wrong) expect(() => chosen(...args), args.join(' ')).toThrow();
  });

  it('prints one line per dead letter', () => {
    const table = listed([open, sent], Date.parse('2026-11-23T13:00:00Z')).split('\n');
    expect(table).toHaveLength(3);
    expect(table[1]).toMatch(/^chat-requests-dlt:0:12 +3 h +open +7d0f2a52\S+ +\d+ +There is no such session\.$/);
    expect([5_000, 600_000, 7_200_000, 260_000_000].map(age)).toEqual(['5 s', '10 min', '2 h', '3 d']);
  });
});
