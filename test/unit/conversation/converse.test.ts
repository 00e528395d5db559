import { beforeEach, describe, expect, it } from 'vitest';
import { createConverse } from '../../../lambdas/conversation/converse.ts';
import type { ConversationGraph } from '../../../lambdas/conversation/graph.ts';
import type { AgentResult, ConversationCall } from '../../../lambdas/shared/contracts/calls.ts';
import type { Exchange } from '../../../lambdas/shared/domain/memory.ts';
import type { Logger } from '../../../lambdas/shared/platform/logger.ts';
import { InMemorySockets } from '../../support/stores/memory.ts';
import { Supervision, session_id, trail } from '../../support/supervision.ts';

const silent: Logger = { log: () => undefined, with: () => silent };
const message_id = '0fdba7a2-98a9-4f3c-a893-4f45b8a3ae1e';

/** The exchange of the n-th question; each question and each answer is one event. */
const exchange = (n: number, call_id = `call ${n}`): Exchange => {
  const seq = 2 * n - 1;
  return { seq, request_seq: seq, message_id, call_id, question: `q${n}`, answer: `a${n}`, status: 'complete' };
};

describe('a call to the conversation function', () => {
  let world: Supervision;
  let told: string[][];

  beforeEach(async () => {
    world = await new Supervision().open();
    told = [];
  });

  /** Has a call answered by a model that notes what history it is told. */
  async function answer(fields: Partial<ConversationCall>): Promise<AgentResult | undefined> {
    const call: ConversationCall = {
      ...{ call_id: 'own', attempt: 1, session_id, message_id, seq: 1, question_seq: 1, message: 'Hello?' },
      ...{ ...trail, steps: [] },
      ...fields,
    };
    const run = {
      ...{ run_id: 'run', message_id, seq: call.seq, question_seq: call.question_seq, phase: 'calling' as const },
      call: { call_id: call.call_id, interrupt_id: 'i', agent: 'conversation', attempt: call.attempt },
      ...{ checkpoint: '-', traceparent: trail.traceparent, lease_until: world.now, begun: call.attempt - 1 },
    };
    await world.sessions.claim(session_id, 0, run, call.seq, new Date(world.now));
    const sockets = new InMemorySockets(session_id);
    const graph = {
      stream: async ({ history }: { history: Exchange[] }) => {
        told.push(history.map(({ question }) => question));
        return [['values', { answer: 'new' }]];
      },
    };
    const converse = createConverse({
      ...{ sessions: world.sessions, log: world.log, memory: world.memory, connections: sockets, sockets },
      graph: async () => graph as unknown as ConversationGraph,
      ...{ now: () => world.now, newId: () => 'worker' },
    });
    const reply = await converse(call, { logger: silent, requestId: 'r', remainingMs: () => 60_000 });
    return reply.result;
  }

  it('for an old question that is asked again is told what came before it, and not what came after', async () => {
    for (let n = 1; n <= 60; n += 1) await world.memory.put(session_id, exchange(n));
    await answer({ seq: 121, question_seq: exchange(31).seq });
    expect(told).toEqual([Array.from({ length: 20 }, (_, index) => `q${index + 11}`)]);
  });

  it('for an edited question is told what came before the earlier wording', async () => {
    for (let n = 1; n <= 5; n += 1) await world.memory.put(session_id, exchange(n));
    await answer({ seq: 11, question_seq: 11, forget_from: exchange(3).seq });
    expect(told).toEqual([['q1', 'q2']]);
    expect(world.memory.exchanges.map(({ question }) => question)).toEqual(['q1', 'q2', 'Hello?']);
  });

  it('that was answered before it died does not ask the model again, however old its question is', async () => {
    for (let n = 1; n <= 60; n += 1) await world.memory.put(session_id, exchange(n));
    await world.memory.put(session_id, { ...exchange(31, 'own'), request_seq: 121 });
    const result = await answer({ attempt: 2, seq: 121, question_seq: exchange(31).seq });
    expect(result).toMatchObject({ status: 'complete', text: 'a31' });
    expect(told).toEqual([]);
  });

  it('is not given the answer to another call of the same request', async () => {
    await world.memory.put(session_id, exchange(1, 'the agent before'));
    expect(await answer({ attempt: 2 })).toMatchObject({ status: 'complete', text: 'new' });
    expect(told).toHaveLength(1);
  });
});
