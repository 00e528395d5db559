import { describe, expect, it } from 'vitest';
import { readCommand } from '../../../scripts/topics/command.ts';
import { jsonLine, textLine } from '../../../scripts/topics/view.ts';

const record = {
  offset: 7,
  timestamp: Date.UTC(2026, 0, 2),
  timestampType: 'CREATE_TIME' as const,
  key: Buffer.from('a session'),
  value: Buffer.from('{"message":"one\\ntwo"}'),
  headers: [{ key: 'schema', value: Buffer.from('1') }],
};

describe('a look into the topics', () => {
  it.each([
    [['--last', 'many', 'chat-requests'], 'no number'],
    [['chat-requests', 'chat-responses'], 'One topic'],
    [['--follow'], 'which topic'],
    [['--first'], 'first'],
  ])('says what is wrong with %j', (args, said) => {
    expect(() => readCommand(args)).toThrow(said);
  });

  it('shows a record in one line, and all of it as JSON', () => {
    expect(textLine('t', { partition: 3, record })).toBe(
      '2026-01-02T00:00:00.000Z  3:7  a session  {"message":"one\\ntwo"}',
    );
    expect(JSON.parse(jsonLine('t', { partition: 3, record }))).toEqual({
      topic: 't',
      partition: 3,
      offset: 7,
      time: '2026-01-02T00:00:00.000Z',
      key: 'a session',
      headers: { schema: '1' },
      value: '{"message":"one\\ntwo"}',
    });
  });

  it('cuts a long value for people, tells bytes from text, and stands no key and no value', () => {
    const long = { ...record, value: Buffer.from('x'.repeat(3_000)) };
    expect(textLine('t', { partition: 0, record: long })).toMatch(/x… \(3000 characters; whole with --json\)$/);
    const odd = { ...record, key: null, value: Buffer.from([0xff, 0x00]) };
    expect(textLine('t', { partition: 0, record: odd })).toMatch(/- {2}base64:\/wA=$/);
    expect(textLine('t', { partition: 0, record: { ...record, value: null } })).toMatch(/null$/);
  });
});
