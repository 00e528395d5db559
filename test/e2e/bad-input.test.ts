import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect } from 'vitest';
import { ChatClient } from '../support/chat-client.ts';
import type { ChatSocket } from '../support/chat-socket.ts';
import { it } from '../support/shared-product.ts';

const frameLimit = 32 * 1024;

describe('bad input', () => {
  let client: ChatClient;
  let session: string;

  it.beforeAll(async ({ shared }) => {
    client = new ChatClient(shared.product.url);
    session = (await client.createSession()).session_id;
  });

  describe('over HTTP', () => {
    const messages = () => `/api/sessions/${session}/messages`;

    it.each([
      ['not JSON', '{"message":'],
      ['no object', '["a list"]'],
      ['without a message', '{}'],
      ['with an empty message', '{"message":""}'],
      ['with a blank message', '{"message":"  \\n "}'],
      ['with a message that is no text', '{"message":7}'],
      ['with an id that is no UUID', '{"message":"Hi","message_id":"one"}'],
    ])('a body that is %s is an invalid request', async (_name, body) => {
      const answer = await client.call('POST', messages(), body);
      expect(answer).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', detail: expect.stringMatching(/\S/) },
      });
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    });

    it('a message over the limit is told the limit', async () => {
      const answer = await client.post(session, 'x'.repeat(200_000));
      expect(answer).toMatchObject({
        status: 413,
        body: { code: 'too_large', detail: expect.stringMatching(/\d{5,}/) },
      });
    });

    it('an unknown route, and a session id that is no UUID, do not exist', async () => {
      for (const path of ['/api/nothing', '/api/sessions/one', '/api/sessions/one/messages', `${messages()}/1/2`]) {
        expect(await client.call('GET', path), path).toMatchObject({ status: 404 });
      }
    });

    it.each(['limit=0', 'limit=many', 'since=-1', 'since=1.5'])(
      'a query with %s is an invalid request',
      async (query) => {
        expect(await client.call('GET', `${messages()}?${query}`)).toMatchObject({
          status: 400,
          body: { code: 'invalid_request' },
        });
      },
    );

    it('a title that is no text, or far too long, is an invalid request', async () => {
      for (const title of [7, 'x'.repeat(10_000)]) {
        expect(await client.call('POST', '/api/sessions', { title })).toMatchObject({ status: 400 });
      }
    });

    it('leaves the session as it was: the next good message is answered', async () => {
      const posted = await client.post(session, 'Still there?');
      expect(posted).toMatchObject({ status: 202, body: { status: 'accepted' } });
      const socket = await client.connect(session, []);
      expect(await socket.end(posted.body.message_id)).toMatchObject({ type: 'assistant' });
      await socket.close();
    });
  });

  describe('over the WebSocket', () => {
    let socket: ChatSocket;

    beforeEach(async () => {
      const { session_id } = await client.createSession();
      socket = await client.connect(session_id);
      return () => socket.drop();
    });

    it.each([
      ['an unknown action', { action: 'dance' }],
      ['an action that is no text', { action: 7 }],
      ['a message without text', { action: 'message', message_id: randomUUID() }],
      ['a message that is no text', { action: 'message', message: { a: 1 } }],
      ['an empty message', { action: 'message', message: '' }],
      ['an id that is no UUID', { action: 'message', message_id: 'one', message: 'Hi' }],
      ['a replay since a negative place', { action: 'resume', since: -1 }],
      ['a replay since no number', { action: 'resume', since: 'ever' }],
      ['a replay without since', { action: 'resume' }],
    ])('%s gets an error, and the next message an answer', async (_name, frame) => {
      expect(await socket.provoke(JSON.stringify(frame))).toMatchObject({
        code: 'invalid_request',
        message: expect.stringMatching(/\S/),
      });
      expect(await socket.ask('Good now')).toMatchObject({ type: 'assistant', seq: 2 });
    });

    it('a message over the limit, in frames that fit, is too large, and the socket stays open', async () => {
      const message = 'x'.repeat(110_000);
      const text = JSON.stringify({ action: 'message', message_id: randomUUID(), message });
      const error = socket.next(({ type }) => type === 'error', 'no error for a question over the limit');
      socket.rawFragments(text, frameLimit - 1024);
      expect(await error).toMatchObject({ code: 'too_large', message: expect.stringMatching(/\d{5,}/) });
      expect(await socket.ask('Good now')).toMatchObject({ type: 'assistant' });
    });

    it('a frame over 32 KB ends the connection, as on AWS, and a new one works', async () => {
      const { session_id } = await client.createSession();
      const big = await client.connect(session_id);
      big.raw('x'.repeat(frameLimit + 1));
      expect(await big.closed()).toBe(1009);
      const next = await client.connect(session_id, big.seen);
      expect(await next.ask('Good now')).toMatchObject({ type: 'assistant' });
      await next.close();
    });

    it('a binary frame is no message', async () => {
      const { session_id } = await client.createSession();
      const binary = await client.connect(session_id);
      binary.raw(Uint8Array.of(1, 2, 3, 255));
      await Promise.race([binary.closed(), binary.next(({ type }) => type !== 'user', 'no reaction to bytes')]);
      const next = await client.connect(session_id, binary.seen);
      expect(await next.ask('Good now')).toMatchObject({ type: 'assistant', seq: 2 });
      await next.close();
    });

    it('a path that is no session is refused', async () => {
      for (const path of ['/ws/one', '/ws/', `/ws/${randomUUID()}/more`, '/nowhere']) {
        expect(await client.refusal(path), path).toBeGreaterThanOrEqual(400);
      }
    });
  });
});
