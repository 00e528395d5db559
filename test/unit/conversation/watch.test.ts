import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deltas } from '../../../lambdas/conversation/deltas.ts';
import { Watch } from '../../../lambdas/conversation/watch.ts';
import type { Run } from '../../../lambdas/shared/domain/session.ts';
import { InMemorySockets } from '../../support/stores/memory.ts';
import { Supervision, session_id, trail } from '../../support/supervision.ts';

const message_id = '0fdba7a2-98a9-4f3c-a893-4f45b8a3ae1e';

describe('the watch over a call', () => {
  let world: Supervision;

  beforeEach(async () => {
    vi.useFakeTimers();
    world = await new Supervision().open();
  });
  afterEach(() => vi.useRealTimers());

  /** Whether a call is told to stop while its session's item is read as this run. */
  async function isStopped(run: Partial<Run>): Promise<boolean> {
    const call = { call_id: 'own', interrupt_id: 'i', agent: 'conversation', attempt: 1 };
    const seen = { run_id: 'r', message_id, seq: 3, question_seq: 3, phase: 'calling' as const, call, begun: 1 };
    const whole: Run = { ...seen, checkpoint: '-', traceparent: trail.traceparent, lease_until: 0, ...run };
    await world.sessions.claim(session_id, 0, whole, 3, new Date(world.now));
    const sockets = new InMemorySockets(session_id);
    const ports = { sessions: world.sessions, log: world.log, connections: sockets, sockets };
    const asked = { session_id, message_id, attempt: 1, call_id: 'own', seq: 3, question_seq: 3, message: 'Hi' };
    const deltas = new Deltas(ports, { session_id, in_reply_to: message_id, run: 3 });
    const watch = new Watch(ports, { ...asked, traceparent: trail.traceparent, steps: [] }, deltas);
    await vi.advanceTimersByTimeAsync(2_000);
    watch.close();
    return watch.signal.aborted;
  }

  it('lets it go on, and stops it when that is asked for', async () => {
    expect(await isStopped({})).toBe(false);
    await world.sessions.cancel(session_id, message_id);
    expect(await isStopped({})).toBe(true);
  });

  it('stops it for a cancel in the log, which came while it waited', async () => {
    await world.log.putIfAbsent(session_id, { type: 'cancel', in_reply_to: message_id, seq: 4, created_at: '' });
    expect(await isStopped({})).toBe(true);
  });

  it('does not stop it for the run before, which a read that is a moment old still shows as cancelled', async () => {
    const before = { call_id: 'before', interrupt_id: 'i', agent: 'conversation', attempt: 1 };
    expect(await isStopped({ call: before, seq: 1, cancel: true })).toBe(false);
  });

  it('stops it when its session is gone', async () => {
    await world.sessions.bury(session_id, new Date(world.now));
    expect(await isStopped({})).toBe(true);
  });
});
