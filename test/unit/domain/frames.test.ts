import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssistantEvent } from '../../../lambdas/shared/contracts/log-events.ts';
import { encodeFrame, maxFrameBytes, toFrame } from '../../../lambdas/shared/domain/frames.ts';

const event = (message: string): AssistantEvent => ({
  type: 'assistant',
  seq: 7,
  message_id: 'a',
  in_reply_to: 'q',
  ends: 6,
  message,
  created_at: '2026-01-01T00:00:00.000Z',
});

describe('a durable event on the wire', () => {
  it('is one frame while it fits, without what only the log needs', () => {
    const [only, ...rest] = encodeFrame(toFrame('s', event('short'), true));
    expect(rest).toEqual([]);
    expect(JSON.parse(only ?? '')).toEqual({
      type: 'assistant',
      seq: 7,
      session_id: 's',
      message_id: 'a',
      in_reply_to: 'q',
      message: 'short',
      created_at: '2026-01-01T00:00:00.000Z',
      replay: true,
    });
  });

  it('goes in the same parts whether it is pushed or replayed, and however its store orders its fields', () => {
    const event = {
      type: 'assistant',
      message_id: 'm',
      message: 'x'.repeat(100_000),
      created_at: 'c',
      seq: 7,
    } as const;
    const stored = Object.fromEntries(Object.entries(event).reverse()) as unknown as typeof event;
    const [pushed, replayed] = [encodeFrame(toFrame('s', event)), encodeFrame(toFrame('s', stored, true))].map(
      (parts) => parts.map((part) => JSON.parse(part) as { replay?: boolean }),
    );
    expect(pushed?.length).toBeGreaterThan(5);
    expect(replayed).toEqual(pushed?.map((part) => ({ ...part, replay: true })));
  });

  it('goes in parts that fit a frame each and join to the event, whatever its characters', () => {
    const characters = fc.constantFrom('a', '"', '\\', '\n', '\u0001', 'é', '€', '\u{1F600}');
    fc.assert(
      fc.property(
        fc.array(characters, { minLength: 20, maxLength: 60 }),
        fc.integer({ min: 700, max: 2_000 }),
        (some, times) => {
          const frame = toFrame('s', event(some.join('').repeat(times)));
          const parts = encodeFrame(frame);
          for (const part of parts) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(maxFrameBytes);
          const joined = parts.map((part) => (JSON.parse(part) as { data?: string }).data ?? '').join('');
          if (parts.length > 1) expect(JSON.parse(joined)).toEqual(frame);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is pointed at above a megabyte', () => {
    const [only] = encodeFrame(toFrame('s', event('x'.repeat(1_100_000))));
    expect(JSON.parse(only ?? '')).toEqual({ type: 'large', seq: 7, href: '/api/sessions/s/messages?since=6&limit=1' });
  });
});
