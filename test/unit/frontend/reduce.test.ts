import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Durable, Frame } from '../../../frontend/src/connection/frames.ts';
import { type Conversation, emptyConversation, hasGap } from '../../../frontend/src/state/conversation.ts';
import { type ChatEvent, reduce } from '../../../frontend/src/state/reduce.ts';
import { thread } from '../../../frontend/src/state/thread.ts';
import { inParts, overTheWire, type Story, stories } from './session-story.ts';

/** What becomes of one frame on its way: how often it comes, when, and whether in parts. */
const fate = fc.record({ copies: fc.nat(2), when: fc.double({ min: 0, max: 1, noNaN: true }), parts: fc.nat(4) });
type Fate = { copies: number; when: number; parts: number };

function receive(conversation: Conversation, frame: Frame): Conversation {
  const read = overTheWire(frame);
  return read ? reduce(conversation, { kind: 'frame', frame: read }) : conversation;
}

function inOrder({ frames, unfinished }: Story): Conversation {
  return [...frames, ...unfinished].reduce(receive, emptyConversation);
}

/** The story's frames as a bad network delivers them. */
function mangled({ frames }: Story, fates: readonly Fate[]): Frame[] {
  return frames
    .flatMap((frame, index) => {
      const { copies = 1, when = 0, parts = 0 } = fates[index % Math.max(1, fates.length)] ?? {};
      const sent =
        parts > 1 && 'seq' in frame && frame.type !== 'accepted' ? inParts(frame as Durable, parts) : [frame];
      return sent.flatMap((part, slice) =>
        // Each slice meets its own fate, too.
        Array.from({ length: slice % 2 === 0 ? copies : 1 }, (_, copy) => ({
          part,
          when: (when * (copy + slice + 1)) % 1,
        })),
      );
    })
    .sort((a, b) => a.when - b.when)
    .map(({ part }) => part);
}

/** What the server sends to one who asks for everything after the last event that came. */
function resume(conversation: Conversation, { log, unfinished }: Story): Frame[] {
  const missed = log.filter(({ seq }) => seq > conversation.lastSeq);
  return [...missed, { type: 'replayed', up_to: log.length }, ...unfinished];
}

/** Everything that is shown, but the ephemeral state lines. */
function view(conversation: Conversation) {
  return {
    lastSeq: conversation.lastSeq,
    title: conversation.title,
    outbox: conversation.outbox,
    exchanges: thread(conversation).map(({ status: _status, running, live, turn, ...shown }) => ({
      ...shown,
      turn,
      text: live?.text,
      open: running && turn !== undefined && turn.requests > turn.ends.length,
    })),
  };
}

describe('a conversation', () => {
  test('is the same after any loss, duplication and reordering of frames, once a resume has come', () => {
    void fc.assert(
      fc.property(stories({ regenerate: true }), fc.array(fate, { minLength: 1, maxLength: 40 }), (story, fates) => {
        const battered = mangled(story, fates).reduce(receive, emptyConversation);
        const mended = resume(battered, story).reduce(receive, battered);
        expect(view(mended)).toEqual(view(inOrder(story)));
        expect(hasGap(mended)).toBe(false);
        expect([mended.held.size, mended.parts.size, mended.large.size]).toEqual([0, 0, 0]);
      }),
      { numRuns: 400 },
    );
  });

  test('is the same when the resume itself is lost in part, and asked for again', () => {
    void fc.assert(
      fc.property(
        stories({ regenerate: true }),
        fc.array(fate, { minLength: 1 }),
        fc.array(fate, { minLength: 1 }),
        (story, one, two) => {
          const battered = mangled(story, one).reduce(receive, emptyConversation);
          const half = { ...story, frames: resume(battered, story) };
          const again = mangled(half, two).reduce(receive, battered);
          const mended = resume(again, story).reduce(receive, again);
          expect(view(mended)).toEqual(view(inOrder(story)));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('is the same when it is loaded in pages of the transcript while frames arrive', () => {
    const pages = fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 8 });
    void fc.assert(
      fc.property(stories({ regenerate: false }), fc.array(fate, { minLength: 1 }), pages, (story, fates, limits) => {
        const frames = mangled(story, fates);
        const share = Math.ceil(frames.length / (limits.length + 1));
        let conversation = frames.slice(0, share).reduce(receive, emptyConversation);
        for (const [index, limit] of limits.entries()) {
          conversation = reduce(conversation, page(story, conversation.lastSeq, limit));
          conversation = frames.slice((index + 1) * share, (index + 2) * share).reduce(receive, conversation);
        }
        const mended = resume(conversation, story).reduce(receive, conversation);
        // A title that passed between the rows of a page is the list's to know.
        expect({ ...view(mended), title: '' }).toEqual({ ...view(inOrder(story)), title: '' });
      }),
      { numRuns: 200 },
    );
  });

  test('never goes back, whatever comes', () => {
    void fc.assert(
      fc.property(stories({ regenerate: true }), fc.array(fate, { minLength: 1 }), (story, fates) => {
        let conversation = emptyConversation;
        for (const frame of mangled(story, fates)) {
          const next = receive(conversation, frame);
          expect(next.lastSeq).toBeGreaterThanOrEqual(conversation.lastSeq);
          expect(next.turns.length).toBeGreaterThanOrEqual(conversation.turns.length);
          conversation = next;
        }
        expect(new Set(conversation.turns.map(({ message_id }) => message_id)).size).toBe(conversation.turns.length);
      }),
      { numRuns: 100 },
    );
  });
});

/** A page of the transcript: it shows questions and ends, and nothing else of the log. */
function page({ log }: Story, since: number, limit: number): ChatEvent {
  const shown = log.filter(({ seq, type }) => seq > since && type !== 'renamed' && type !== 'other');
  const rows = shown.slice(0, limit);
  return { kind: 'page', since, rows, upTo: shown.length > limit ? (rows.at(-1)?.seq ?? since) : log.length };
}
