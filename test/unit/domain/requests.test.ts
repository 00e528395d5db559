import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { accept } from '../../../lambdas/shared/domain/accept.ts';
import { storeEnd } from '../../../lambdas/shared/domain/finish.ts';
import { maxWaiting } from '../../../lambdas/shared/domain/limits.ts';
import { findQuestion, regenerate } from '../../../lambdas/shared/domain/requests.ts';
import { Supervision, session_id } from '../../support/supervision.ts';

const message = 'Hello?';

describe('the queue of a session', () => {
  let world: Supervision;

  beforeEach(async () => {
    world = await new Supervision().open();
  });

  const ask = async (message_id: string = randomUUID()) => accept(world.requests, { session_id, message_id, message });
  const answer = async (message_id: string, ends?: number) => {
    const draft = { type: 'assistant' as const, message_id, message: 'Hi', created_at: '', ...(ends && { ends }) };
    return storeEnd({ ...world.requests, advance: async () => undefined }, session_id, draft);
  };

  it('takes so many and no more, and knows again what it has taken', async () => {
    const first = randomUUID();
    await ask(first);
    for (let n = 1; n < maxWaiting; n += 1) await ask();
    const refused = randomUUID();
    await expect(ask(refused)).rejects.toMatchObject({ code: 'rate_limited' });
    expect(await ask(first)).toMatchObject({ appended: false, event: { seq: 1 } });
    await world.sessions.reach(session_id, 1);
    await answer('a', 1);
    expect(await ask(refused)).toMatchObject({ appended: true });
  });

  it('finds a question that was stored far behind where its session was known to be', async () => {
    const late = randomUUID();
    await world.markers.claim(session_id, { message_id: late, from: 0, digest: 'd' });
    for (let n = 0; n < 230; n += 1) await ask();
    const draft = { type: 'user' as const, message_id: late, message: 'Late', created_at: '' };
    await world.log.putIfAbsent(session_id, { ...draft, seq: 231 });
    expect(await findQuestion(world.requests, session_id, late)).toMatchObject({ seq: 231, message: 'Late' });
  });

  it('has one new answer when two tabs ask for it at once', async () => {
    const message_id = randomUUID();
    await ask(message_id);
    await world.sessions.reach(session_id, 1);
    await answer('a', 1);
    const both = await Promise.all([1, 2].map(async () => regenerate(world.requests, session_id, message_id)));
    expect(both.map(({ event }) => event.seq)).toEqual([3, 3]);
    expect(both.filter(({ appended }) => appended)).toHaveLength(1);
  });

  it('that only foreign producers write into has a short way to its end', async () => {
    for (let n = 0; n < 300; n += 1) await answer(`a${n}`);
    const { outline } = world.log;
    let looks = 0;
    world.log.outline = async (...input) => {
      looks += 1;
      return outline.apply(world.log, input);
    };
    await answer('last');
    expect(world.log.events(session_id)).toHaveLength(301);
    expect(looks).toBeLessThanOrEqual(1);
  });
});
