import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClientFrame } from '../../../lambdas/shared/contracts/client-frames.ts';

const id = '0b0e2a52-4a44-4f0e-8f57-0c6a3d6a1111';

describe('a text frame', () => {
  it.each([
    ['hello there', 'plain text'],
    ['{"text":"no action"}', 'JSON without action'],
    ['["action"]', 'a JSON array'],
    ['{"action":', 'broken JSON'],
    ['"action"', 'a JSON string'],
    ['   {"a":1}', 'JSON after blanks'],
  ])('%s is itself the message: %s', (text) => {
    expect(parseClientFrame(text)).toEqual({ ok: true, frame: { action: 'message', message: text } });
  });

  it.each([
    [{ action: 'message', message: 'hi', message_id: id }],
    [{ action: 'message', message: 'hi' }],
    [{ action: 'message', message: 'hi', message_id: id, replaces: id }],
    [{ action: 'resume', since: 0 }],
    [{ action: 'cancel', message_id: id }],
    [{ action: 'regenerate', message_id: id }],
    [{ action: 'ping' }],
  ])('%j is a command', (frame) => {
    expect(parseClientFrame(JSON.stringify(frame))).toEqual({ ok: true, frame });
  });

  it.each([
    [{ action: 'dance' }, /Unknown action/],
    [{ action: 5 }, /Unknown action/],
    [{ action: null, message: 'hi' }, /Unknown action/],
    [{ action: 'message' }, /`message` must be a string/],
    [{ action: 'message', message: 5, message_id: id }, /`message` must be a string/],
    [{ action: 'message', message: 'hi', message_id: 'x' }, /UUID/],
    [{ action: 'resume', since: -1 }, /`since`/],
    [{ action: 'resume', since: 1.5 }, /`since`/],
    [{ action: 'resume' }, /`since`/],
    [{ action: 'cancel', message_id: 'x' }, /UUID/],
  ])('%j is an error that says what to do', (frame, problem) => {
    expect(parseClientFrame(JSON.stringify(frame))).toMatchObject({
      ok: false,
      problem: expect.stringMatching(problem),
    });
  });

  it('names the message it could not take', () => {
    const text = JSON.stringify({ action: 'message', message_id: id, message: 5 });
    expect(parseClientFrame(text)).toMatchObject({ ok: false, message_id: id });
  });

  it('never throws, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((j) => `{"action":${j}}`),
        ),
        (text) => {
          expect(typeof parseClientFrame(text).ok).toBe('boolean');
        },
      ),
    );
  });
});
