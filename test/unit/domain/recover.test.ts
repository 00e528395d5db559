import { beforeEach, describe, expect, it } from 'vitest';
import { accept } from '../../../lambdas/shared/domain/accept.ts';
import { advance } from '../../../lambdas/shared/domain/advance.ts';
import { storeEnd } from '../../../lambdas/shared/domain/finish.ts';
import { reportLost, settleCall } from '../../../lambdas/shared/domain/recover.ts';
import { regenerate } from '../../../lambdas/shared/domain/requests.ts';
import { Supervision, session_id, trail } from '../../support/supervision.ts';

const message_id = '0fdba7a2-98a9-4f3c-a893-4f45b8a3ae1e';
const minute = 60_000;

describe('a run that was left', () => {
  let world: Supervision;

  beforeEach(async () => {
    world = await new Supervision().open();
    await accept(world.requests, { session_id, message_id, message: 'Hello?' });
    await advance(world.ports(), session_id, trail);
  });

  const call = () => world.calls.at(-1) ?? expect.fail('nothing was called');
  const begin = async ({ call_id, attempt, sent } = call()) =>
    world.sessions.begin(session_id, call_id, attempt, 'w', world.now + minute, sent);

  /** The last call begins and its process dies, as often as is allowed. */
  async function dieEachTime(): Promise<void> {
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await begin();
      await reportLost(world.ports(), call(), trail);
    }
  }

  const answer = async (ends: number) => {
    const draft = { type: 'assistant', message_id: 'a', in_reply_to: message_id, ends, message: 'Hi' } as const;
    const at = new Date(world.now).toISOString();
    return storeEnd({ ...world.requests, advance: async () => undefined }, session_id, { ...draft, created_at: at });
  };

  it('ends as failed after three calls that died', async () => {
    await dieEachTime();
    expect(world.calls).toHaveLength(3);
    expect(world.responses).toMatchObject([{ status: 'failed', code: 'internal' }]);
  });

  it('ends with the answer, when the last one died only over handing it back', async () => {
    const { call_id } = call();
    const exchange = { seq: 1, request_seq: 1, message_id, call_id, question: 'Hello?', answer: 'Hi' };
    await world.memory.put(session_id, { ...exchange, status: 'complete' });
    await dieEachTime();
    expect(world.responses).toMatchObject([{ status: 'complete', response: 'Hi', ends: 1 }]);
  });

  it('has one call under way, however many wait in a queue that is full', async () => {
    const first = call();
    // Nobody begins it; each lease that passes has it sent again, and in the end all of them are reported as too old.
    for (let lease = 0; lease < 5; lease += 1) {
      world.now += 2 * minute;
      await advance(world.ports(), session_id, trail);
    }
    expect(world.calls.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 1, 1]);
    const sent = [...world.calls];
    for (const old of [first, ...sent.slice(0, -1)]) await reportLost(world.ports(), old, trail);
    expect(world.calls).toHaveLength(6);
    await reportLost(world.ports(), call(), trail);
    expect(world.calls).toHaveLength(7);
  });

  it('is heard of at once when the copy of its call that had begun dies, though it was sent again meanwhile', async () => {
    const first = call();
    world.now += 2 * minute;
    await advance(world.ports(), session_id, trail);
    expect(world.calls).toHaveLength(2);
    await begin(first);
    await reportLost(world.ports(), first, trail);
    expect(call()).toMatchObject({ call_id: first.call_id, attempt: 2 });
    // The report itself may come twice.
    await reportLost(world.ports(), first, trail);
    expect(world.calls).toHaveLength(3);
  });

  it('is left alone when a copy of its call is thrown away that another was quicker than', async () => {
    const first = call();
    world.now += 2 * minute;
    await advance(world.ports(), session_id, trail);
    await begin(call());
    await reportLost(world.ports(), first, trail);
    expect(world.calls).toHaveLength(2);
  });

  it('goes on from the result that is kept, though its graph asks for another agent then', async () => {
    const graph = world.ports(2).graph;
    const forgiving = {
      ...world.ports(),
      graph: {
        ...graph,
        resume: async (id: string, checkpoint: string, interrupt: string) =>
          graph.resume(id, checkpoint, interrupt, { status: 'complete', text: 'instead' }),
      },
    };
    const lost = { status: 'failed', code: 'model_unavailable', reason: 'down' } as const;
    await begin();
    await world.sessions.claimResume(session_id, call().call_id, 'who dies', world.now + minute, lost);
    world.now += 2 * minute;
    expect(await advance(forgiving, session_id, trail)).toBe('recovered');
    expect(world.calls.map(({ attempt }) => attempt)).toEqual([1, 1]);
    const [first, second] = world.calls;
    expect(second?.call_id).not.toBe(first?.call_id);
    await begin();
    await settleCall(forgiving, session_id, second?.call_id ?? '', { status: 'complete', text: 'Hi' }, trail);
    expect(world.responses).toMatchObject([{ status: 'complete', response: 'instead' }]);
  });

  it('whose end was stored by somebody who died over it has it produced again, to be pushed', async () => {
    const { call_id } = call();
    const exchange = { seq: 1, request_seq: 1, message_id, call_id, question: 'Hello?', answer: 'Hi' };
    await begin();
    await world.memory.put(session_id, { ...exchange, status: 'complete' });
    await settleCall(world.ports(), session_id, call_id, { status: 'complete', text: 'Hi' }, trail);
    await answer(1);
    world.now += 5 * minute;
    expect(await advance(world.ports(), session_id, trail)).toBe('recovered');
    await begin();
    await settleCall(world.ports(), session_id, call_id, { status: 'complete', text: 'Hi' }, trail);
    const [first, again] = world.responses;
    expect(again).toMatchObject({ ends: 1, message_id: first?.message_id });
    expect(await answer(1)).toMatchObject({ appended: false, undelivered: true });
  });

  it('of an old question that was asked again just now is not too old', async () => {
    await begin();
    await settleCall(world.ports(), session_id, call().call_id, { status: 'complete', text: 'Hi' }, trail);
    await answer(1);
    await world.sessions.release(session_id, 1, 2);
    world.now += 24 * 60 * minute;
    await regenerate(world.requests, session_id, message_id);
    await advance(world.ports(), session_id, trail);
    await reportLost(world.ports(), call(), trail);
    expect(world.responses).toHaveLength(1);
    world.now += 61 * minute;
    await reportLost(world.ports(), call(), trail);
    expect(world.responses.at(-1)).toMatchObject({ status: 'failed', code: 'expired', ends: 3 });
  });
});
