import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { ChatClient } from '../support/chat-client.ts';
import type { Product } from '../support/product.ts';
import { it } from '../support/shared-product.ts';

describe('who may do what', () => {
  let product: Product;
  let owner: ChatClient;
  let session: string;

  it.beforeAll(async ({ shared }) => {
    ({ product } = shared);
    owner = new ChatClient(product.url);
    session = (await owner.createSession({ title: 'mine' })).session_id;
  });

  it('gives a browser its identity as a cookie that scripts cannot read', async () => {
    const created = await fetch(`${product.url}/api/sessions`, { method: 'POST' });
    const cookie = created.headers.getSetCookie()[0] ?? '';
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    const { session_id } = (await created.json()) as { session_id: string };
    const headers = { cookie: cookie.split(';')[0] ?? '' };
    expect((await fetch(`${product.url}/api/sessions/${session_id}`, { headers })).status).toBe(200);
    expect(await new ChatClient(product.url).refusal(`/ws/${session_id}`, headers)).toBeUndefined();
  });

  it.each([
    [
      'another guest',
      async () => {
        const other = new ChatClient(product.url);
        await other.createSession();
        return other;
      },
    ],
    ['a caller without credentials', async () => new ChatClient(product.url)],
  ])('does not let %s know of a session', async (_who, caller) => {
    const stranger = await caller();
    const path = `/api/sessions/${session}`;
    const problem = { status: 404, body: { code: 'not_found' } };
    expect(await stranger.call('GET', path)).toMatchObject(problem);
    expect(await stranger.call('PATCH', path, { title: 'stolen' })).toMatchObject(problem);
    expect(await stranger.call('DELETE', path)).toMatchObject(problem);
    expect(await stranger.call('GET', `${path}/messages`)).toMatchObject(problem);
    expect(await stranger.call('DELETE', `${path}/history`)).toMatchObject(problem);
    expect(await stranger.post(session, 'Let me in')).toMatchObject(problem);
    expect(await stranger.refusal(`/ws/${session}`)).toBeGreaterThanOrEqual(400);
    expect(await owner.call('GET', path)).toMatchObject({ status: 200, body: { title: 'mine', last_seq: 0 } });
  });

  it('answers 401 to credentials that it did not give', async () => {
    for (const token of ['nonsense', `${owner.token}x`, `${owner.token?.slice(0, -2)}`]) {
      const forger = new ChatClient(product.url, token);
      expect(await forger.call('GET', '/api/sessions')).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
      expect(await forger.refusal(`/ws/${session}`)).toBeGreaterThanOrEqual(400);
    }
  });

  it('refuses a handshake from a foreign page, and takes one from its own and from a program', async () => {
    expect(await owner.refusal(`/ws/${session}`, { origin: 'https://evil.example' })).toBeGreaterThanOrEqual(400);
    expect(await owner.refusal(`/ws/${session}`, { origin: product.url })).toBeUndefined();
    expect(await owner.refusal(`/ws/${session}`)).toBeUndefined();
  });

  it('lists only the caller’s own sessions', async () => {
    const other = new ChatClient(product.url);
    await other.createSession();
    const { body } = await other.call<{ sessions: { session_id: string }[] }>('GET', '/api/sessions');
    expect(body.sessions).toHaveLength(1);
    expect(body.sessions[0]?.session_id).not.toBe(session);
  });

  it('refuses a socket to a session that nobody has', async () => {
    expect(await owner.refusal(`/ws/${randomUUID()}`)).toBeGreaterThanOrEqual(400);
  });
});
