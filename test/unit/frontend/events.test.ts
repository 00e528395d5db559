import { describe, expect, test } from 'vitest';
import type { Frame } from '../../../frontend/src/connection/frames.ts';
import { type Conversation, emptyConversation, hasGap } from '../../../frontend/src/state/conversation.ts';
import { type ChatEvent, reduce } from '../../../frontend/src/state/reduce.ts';
import { running, thread } from '../../../frontend/src/state/thread.ts';

const question = (seq: number, id: string, fields: object = {}): Frame => ({
  type: 'user',
  seq,
  message_id: id,
  message: `Question ${id}`,
  ...fields,
});
const answer = (seq: number, id: string, text = 'Yes.'): Frame => ({
  type: 'assistant',
  seq,
  in_reply_to: id,
  message: text,
});
const delta = (id: string, index: number, text: string, fields: object = {}): Frame => ({
  type: 'delta',
  in_reply_to: id,
  attempt: 1,
  index,
  text,
  ...fields,
});

function having(...events: (Frame | ChatEvent)[]): Conversation {
  return events.reduce(
    (conversation: Conversation, event) =>
      reduce(conversation, 'kind' in event ? event : { kind: 'frame', frame: event }),
    emptyConversation,
  );
}

const asked = (id: string): ChatEvent => ({
  kind: 'asked',
  pending: { message_id: id, message: `Question ${id}`, created_at: '2026-01-01T00:00:00Z', state: 'waiting' },
});

describe('durable events', () => {
  test('are applied once, in order, whatever order they come in', () => {
    const conversation = having(answer(2, 'a'), answer(2, 'a'), question(1, 'a'), question(1, 'a'));
    expect(conversation.turns).toHaveLength(1);
    expect(conversation.turns[0]?.ends.map(({ text }) => text)).toEqual(['Yes.']);
    expect(conversation.lastSeq).toBe(2);
  });

  test('show a gap until what is missing has come', () => {
    expect(hasGap(having(question(1, 'a'), answer(3, 'b')))).toBe(true);
    expect(hasGap(having(question(1, 'a'), answer(3, 'b'), answer(2, 'a')))).toBe(false);
  });

  test('that only an acceptance tells of are missing, too', () => {
    expect(hasGap(having({ type: 'accepted', message_id: 'a', seq: 1, status: 'accepted' }))).toBe(true);
  });

  test('of unknown kinds count', () => {
    const conversation = having({ type: 'other', seq: 1 }, question(2, 'a'));
    expect(conversation.lastSeq).toBe(2);
    expect(conversation.turns).toHaveLength(1);
  });

  test('in parts are put together, in any order, and slices of two cuts do not mix', () => {
    const json = JSON.stringify(question(1, 'a'));
    const cut = (of: number, part: number): Frame => {
      const length = Math.ceil(json.length / of);
      return { type: 'part', seq: 1, part, of, data: json.slice((part - 1) * length, part * length) };
    };
    expect(having(cut(3, 3), cut(3, 1), cut(3, 2)).turns[0]?.question).toBe('Question a');
    expect(having(cut(3, 3), cut(2, 1), cut(3, 1)).turns).toHaveLength(0);
    expect(having(cut(3, 3), cut(2, 1), cut(2, 2)).turns[0]?.question).toBe('Question a');
  });

  test('by reference wait for what is fetched, and hold up what follows', () => {
    const waiting = having(question(1, 'a'), { type: 'large', seq: 2, href: '/api/x' }, question(3, 'b'));
    expect(waiting.large.get(2)).toBe('/api/x');
    expect(waiting.turns).toHaveLength(1);
    const whole = reduce(waiting, { kind: 'frame', frame: answer(2, 'a', 'long') });
    expect(whole.turns.map(({ ends }) => ends.length)).toEqual([1, 0]);
    expect(whole.large.size).toBe(0);
  });

  test('that name no question end the oldest open one', () => {
    const conversation = having(question(1, 'a'), question(2, 'b'), { type: 'assistant', seq: 3, message: 'First.' });
    expect(conversation.turns.map(({ ends }) => ends.length)).toEqual([1, 0]);
  });
});

describe('a running answer', () => {
  test('grows piece by piece, in the order of the pieces', () => {
    const conversation = having(question(1, 'a'), delta('a', 1, 'lo '), delta('a', 0, 'Hel'), delta('a', 2, 'world'));
    expect(conversation.live.get('a')?.text).toBe('Hello world');
  });

  test('starts again with a higher attempt, and ignores what is left of the one before', () => {
    const conversation = having(
      question(1, 'a'),
      delta('a', 0, 'Old'),
      delta('a', 0, 'New', { attempt: 2 }),
      delta('a', 1, ' old'),
    );
    expect(conversation.live.get('a')?.text).toBe('New');
  });

  test('goes on from everything so far, which a late comer gets', () => {
    const conversation = having(question(1, 'a'), delta('a', 5, '!'), delta('a', 4, 'Hello', { from: 0 }));
    expect(conversation.live.get('a')?.text).toBe('Hello!');
  });

  test('gives way to its end, and late pieces do not bring it back', () => {
    const conversation = having(question(1, 'a'), delta('a', 0, 'Ye'), answer(2, 'a'), delta('a', 1, 's.'));
    expect(conversation.live.size).toBe(0);
    expect(running(thread(conversation))).toBeUndefined();
  });

  test('of a question asked again replaces the earlier answer, which stays reachable', () => {
    const again = having(question(1, 'a'), answer(2, 'a'), { type: 'regenerate', seq: 3, in_reply_to: 'a' });
    const [streaming] = thread(reduce(again, { kind: 'frame', frame: delta('a', 0, 'An', { run: 3 }) }));
    expect(streaming?.live?.text).toBe('An');
    expect(streaming?.end).toBeUndefined();
    const chosen = reduce(again, { kind: 'choose_end', message_id: 'a', index: 0 });
    expect(thread(chosen)[0]?.end?.text).toBe('Yes.');
    const [done] = thread(reduce(chosen, { kind: 'frame', frame: answer(4, 'a', 'Another.') }));
    expect(done?.end?.text).toBe('Another.');
  });

  test('is known by its run where the log does not tell of it', () => {
    const ended = having(question(1, 'a'), answer(2, 'a'));
    expect(reduce(ended, { kind: 'frame', frame: delta('a', 0, 'x', { run: 1 }) })).toBe(ended);
    expect(reduce(ended, { kind: 'frame', frame: delta('a', 0, 'x', { run: 3 }) }).live.get('a')?.text).toBe('x');
  });

  test('is not put back in line by news that was overtaken', () => {
    const queued: Frame = { type: 'status', in_reply_to: 'a', state: 'queued', position: 1 };
    const started: Frame = { type: 'status', in_reply_to: 'a', state: 'started' };
    expect(having(question(1, 'a'), started, queued).status.get('a')?.state).toBe('started');
  });
});

describe('a question of this page', () => {
  test('is shown at once, in the place and with the id it keeps', () => {
    const before = thread(having(asked('a')));
    const accepted = having(asked('a'), { type: 'accepted', message_id: 'a', seq: 1, status: 'accepted' });
    const known = having(asked('a'), question(1, 'a'));
    expect([before, thread(accepted), thread(known)].map((shown) => shown.map(({ key }) => key))).toEqual([
      ['a'],
      ['a'],
      ['a'],
    ]);
    expect(known.outbox).toEqual([]);
  });

  test('that is asked twice by a reload counts once', () => {
    expect(having(question(1, 'a'), asked('a')).outbox).toEqual([]);
    expect(having(asked('a'), asked('a')).outbox).toHaveLength(1);
  });

  test('that was refused keeps its text and the reason', () => {
    const refused = having(asked('a'), { kind: 'rejected', message_id: 'a', code: 'too_large', reason: 'Too large.' });
    expect(refused.outbox).toMatchObject([{ state: 'rejected', code: 'too_large', message: 'Question a' }]);
  });

  test('that rewords an earlier one takes its place, and the earlier wording stays reachable', () => {
    const edited = having(
      question(1, 'a'),
      answer(2, 'a'),
      question(3, 'b'),
      answer(4, 'b'),
      question(5, 'c', { replaces: 'a' }),
    );
    expect(thread(edited).map(({ key }) => key)).toEqual(['c']);
    expect(thread(edited)[0]?.wordings).toEqual(['a', 'c']);
    const earlier = reduce(edited, { kind: 'choose_turn', parent: undefined, message_id: 'a' });
    expect(thread(earlier).map(({ key }) => key)).toEqual(['a', 'b']);
    expect(thread(reduce(earlier, { kind: 'frame', frame: question(6, 'd') })).map(({ key }) => key)).toEqual([
      'c',
      'd',
    ]);
  });
});
