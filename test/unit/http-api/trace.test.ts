import { beforeEach, describe, expect, it } from 'vitest';
import type { ApiPorts } from '../../../lambdas/http-api/ports.ts';
import { readTrace } from '../../../lambdas/http-api/routes/trace.ts';
import type { Trail } from '../../../lambdas/shared/contracts/steps.ts';
import { InMemorySessions } from '../../support/stores/sessions.ts';

const session_id = '7d0f2a52-4a44-4f0e-8f57-0c6a3d6a1111';
const message_id = '0fdba7a2-98a9-4f3c-a893-4f45b8a3ae1e';
const trail: Trail = {
  traceparent: '00-9eb282af14f17fc08431047e5d57623e-3ea261be5f98a5a3-01',
  steps: [{ step: 'pushed', component: 'responder', action: '1 sockets', at: 5_000, ms: 12 }],
};

describe('the trace route', () => {
  let sessions: InMemorySessions;
  /** How often the store was asked. */
  let asked: number;
  let keptFrom: number;

  beforeEach(async () => {
    sessions = new InMemorySessions();
    asked = 0;
    const at = new Date(0).toISOString();
    const counts = { tail: 1, done_seq: 0, accepts: 1 };
    await sessions.create({ session_id, owner: 'me', title: '', created_at: at, updated_at: at, ...counts });
    const call = { call_id: 'call', interrupt_id: 'i', agent: 'conversation', attempt: 1 };
    const run = { run_id: 'run', message_id, seq: 1, question_seq: 1, phase: 'resuming', checkpoint: '-' } as const;
    const lease = { traceparent: trail.traceparent, lease_until: 30_000, begun: 1 };
    await sessions.claim(session_id, 0, { ...run, ...lease, call }, 1, new Date());
  });

  const read = (id = message_id) => {
    const find = async () => {
      asked += 1;
      return asked > keptFrom ? trail : undefined;
    };
    const markers = { find: async (_: string, one: string) => (one === message_id ? { message_id } : undefined) };
    const ports = { sessions, traces: { find }, markers } as unknown as ApiPorts;
    return readTrace(ports, { event: {}, caller: { owner: 'me' }, places: [session_id, id] } as never);
  };

  it('waits for the trace of an answer that was pushed a moment ago, its session not yet released', async () => {
    keptFrom = 2;
    const { statusCode, body } = (await read()) as { statusCode: number; body: string };
    expect(statusCode).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ message_id, steps: trail.steps, total_ms: 12 });
  });

  it('says so at once when there never was such a message, and after a second when its answer is not there', async () => {
    keptFrom = Number.POSITIVE_INFINITY;
    await expect(read('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({ code: 'not_found' });
    expect(asked).toBe(1);
    await expect(read()).rejects.toMatchObject({ code: 'not_found' });
    expect(asked).toBe(11);
  });
});
