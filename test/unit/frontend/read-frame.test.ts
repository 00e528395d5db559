import { describe, expect, test } from 'vitest';
import { readFrame } from '../../../frontend/src/connection/read-frame.ts';
import { readPage } from '../../../frontend/src/connection/read-http.ts';
import type { ServerFrame } from '../../../lambdas/shared/contracts/server-frames.ts';

const read = (frame: unknown) => readFrame(JSON.stringify(frame));

describe('frames of the server', () => {
  const session_id = '6f0e1c52-0000-4000-8000-000000000001';
  const created_at = '2026-01-01T00:00:00.000Z';
  const frames: ServerFrame[] = [
    { type: 'accepted', message_id: 'a', seq: 1, status: 'accepted' },
    { type: 'replayed', up_to: 3 },
    { type: 'error', code: 'conflict', message: 'No.', message_id: 'a' },
    { type: 'pong' },
    { type: 'goaway', reason: 'Two hours.' },
    { type: 'delta', in_reply_to: 'a', attempt: 1, index: 0, text: 'x', run: 1 },
    { type: 'status', in_reply_to: 'a', state: 'queued', position: 2 },
  ];

  test.each(frames)('of the contract are read as they are: $type', (frame) => {
    expect(read(frame)).toEqual(frame);
  });

  test('that are durable are read with their fields', () => {
    const user: ServerFrame = {
      type: 'user',
      message_id: 'a',
      message: 'Hi',
      seq: 1,
      created_at,
      session_id,
      replay: true,
    };
    expect(read(user)).toEqual({ type: 'user', message_id: 'a', message: 'Hi', seq: 1, created_at });
    const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
    const end: ServerFrame = {
      type: 'assistant',
      message_id: 'b',
      in_reply_to: 'a',
      message: 'Ho',
      seq: 2,
      created_at,
      session_id,
      usage,
    };
    expect(read(end)).toEqual({ type: 'assistant', in_reply_to: 'a', message: 'Ho', seq: 2, created_at, usage });
  });

  test('of an unknown kind count when they have a seq, and are left alone when not', () => {
    expect(read({ type: 'tool_called', seq: 7 })).toEqual({ type: 'other', seq: 7 });
    expect(read({ type: 'weather', text: 'fine' })).toBeUndefined();
  });

  test('that lack a field still count', () => {
    expect(read({ type: 'assistant', seq: 4 })).toEqual({ type: 'other', seq: 4 });
    expect(read({ type: 'user', seq: 4, message: 'no id' })).toEqual({ type: 'other', seq: 4 });
  });

  test('that are no frames are left alone', () => {
    for (const text of [
      '',
      'hello',
      '[]',
      'null',
      '{}',
      '{"type":5}',
      '{"type":"part","seq":1,"part":3,"of":2,"data":""}',
    ]) {
      expect(readFrame(text)).toBeUndefined();
    }
  });

  test('of API Gateway itself are known by their ids', () => {
    const error = { message: 'Internal server error', connectionId: 'L0SM9cOFvHcCIhw=', requestId: 'LRX2EFLWvHcF9gA=' };
    expect(read(error)).toEqual({ type: 'gateway_error', message: 'Internal server error' });
    expect(read({ message: 'no ids' })).toBeUndefined();
  });
});

describe('a page of the transcript', () => {
  const row = (fields: object) => ({ message_id: 'm', created_at: '2026-01-01T00:00:00Z', ...fields });

  test('is read as the events its rows stand for', () => {
    const { rows, upTo, next } = readPage({
      messages: [
        row({ role: 'user', content: 'Hi', status: 'complete', seq: 1 }),
        row({ role: 'assistant', content: 'Ho', status: 'complete', seq: 2, in_reply_to: 'm' }),
        row({ role: 'assistant', content: 'No', status: 'failed', code: 'model_timeout', seq: 4 }),
        row({ role: 'assistant', content: 'Par', status: 'cancelled', seq: 5 }),
      ],
      last_seq: 6,
      next_since: null,
    });
    expect(rows.map(({ type, seq }) => [type, seq])).toEqual([
      ['user', 1],
      ['assistant', 2],
      ['failed', 4],
      ['cancelled', 5],
    ]);
    expect(rows[2]).toMatchObject({ code: 'model_timeout', retryable: true });
    expect([upTo, next]).toEqual([6, undefined]);
  });

  test('ends where the next one begins', () => {
    const { upTo, next } = readPage({
      messages: [row({ role: 'user', content: 'Hi', seq: 1 })],
      last_seq: 9,
      next_since: 3,
    });
    expect([upTo, next]).toEqual([3, 3]);
  });
});
