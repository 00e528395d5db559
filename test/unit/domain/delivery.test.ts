import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { deliver } from '../../../lambdas/shared/domain/delivery.ts';
import { toFrame } from '../../../lambdas/shared/domain/frames.ts';
import { InMemorySockets } from '../../support/stores/memory.ts';
import { session_id } from '../../support/supervision.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

it('a socket that takes each part of a long event, but slowly, does not hold up the batch', async () => {
  const sockets = new InMemorySockets(session_id);
  for (const connection_id of ['slow', 'quick']) await sockets.add({ connection_id, session_id });
  const post = sockets.post.bind(sockets);
  Object.assign(sockets, {
    post: async (id: string, data: string) => {
      if (id === 'slow') vi.setSystemTime(Date.now() + 2_000);
      return post(id, data);
    },
  });
  const message = 'word '.repeat(100_000);
  const event = { type: 'assistant', message_id: 'a', message, created_at: '', seq: 1 } as const;
  const delivered = await deliver({ connections: sockets, sockets }, session_id, [toFrame(session_id, event)]);
  expect(delivered).toEqual({ sent: 1, gone: 0, failed: 1 });
  expect(sockets.posted.get('slow')?.length).toBeLessThan(6);
});
