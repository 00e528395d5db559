import { beforeEach, describe, expect, it } from 'vitest';
import type { Run } from '../../../lambdas/shared/domain/session.ts';
import type { Logger } from '../../../lambdas/shared/platform/logger.ts';
import { createSweep } from '../../../lambdas/sweep/sweep.ts';
import { InMemoryLog } from '../../support/stores/log.ts';
import { InMemoryMemory } from '../../support/stores/memory.ts';
import { InMemorySessions } from '../../support/stores/sessions.ts';

const session_id = '7d0f2a52-4a44-4f0e-8f57-0c6a3d6a1111';
const message_id = '0fdba7a2-98a9-4f3c-a893-4f45b8a3ae1e';
const minute = 60_000;
const silent: Logger = { log: () => undefined, with: () => silent };

const run: Run = {
  run_id: 'run',
  message_id,
  seq: 1,
  question_seq: 1,
  phase: 'calling',
  call: { call_id: 'call', interrupt_id: 'i', agent: 'conversation', attempt: 1 },
  checkpoint: '-',
  traceparent: '00-9eb282af14f17fc08431047e5d57623e-3ea261be5f98a5a3-01',
  lease_until: 30_000,
  begun: 0,
};

describe('the sweep', () => {
  let sessions: InMemorySessions;
  let log: InMemoryLog;
  let produced: string[];
  let now: number;
  let sweep: () => Promise<unknown>;

  beforeEach(async () => {
    sessions = new InMemorySessions();
    log = new InMemoryLog();
    produced = [];
    now = 0;
    const swept = createSweep({
      sessions,
      log,
      memory: new InMemoryMemory(),
      clearLog: async () => undefined,
      publish: async (request) => void produced.push(String(request.message_id)),
      now: () => now,
    });
    sweep = async () => swept({}, { logger: silent, requestId: 'r', remainingMs: () => minute });
    const at = new Date(0).toISOString();
    const counts = { tail: 0, done_seq: 0, accepts: 0 };
    await sessions.create({ session_id, owner: 'me', title: '', created_at: at, updated_at: at, ...counts });
    await sessions.touch(session_id, new Date(0));
    await log.putIfAbsent(session_id, { type: 'user', seq: 1, message_id, message: 'Hello?', created_at: at });
    await sessions.claim(session_id, 0, run, 1, new Date(0));
  });

  it('leaves a run alone for as long as somebody is at it', async () => {
    now = 29_000;
    await sweep();
    expect(produced).toEqual([]);
    now = 31_000 + minute;
    await sweep();
    expect(produced).toEqual([message_id]);
  });

  it('looks at so many sessions and no more, and at the others the next time', async () => {
    const at = new Date(1_000).toISOString();
    const counts = { tail: 0, done_seq: 0, accepts: 0 };
    for (let n = 0; n < 900; n += 1) {
      const id = `7d0f2a52-4a44-4f0e-8f57-0c6a3d6a${String(2_000 + n)}`;
      await sessions.create({ session_id: id, owner: 'me', title: '', created_at: at, updated_at: at, ...counts });
      await sessions.touch(id, new Date(1_000 + n));
      await log.putIfAbsent(id, { type: 'user', seq: 1, message_id: id, message: 'Hello?', created_at: at });
    }
    const sweeps: number[] = [];
    for (now = minute; now < 5 * minute; now += 1_000) {
      const before = produced.length;
      await sweep();
      sweeps.push(produced.length - before);
      if (new Set(produced).size === 901) break;
    }
    expect(Math.max(...sweeps)).toBeLessThanOrEqual(400);
    expect(sweeps.length).toBeLessThanOrEqual(4);
  });

  it('notices within a minute that a step died whose lease is shorter than that of the one before', async () => {
    await sessions.begin(session_id, 'call', 1, 'worker', 15 * minute);
    now = 10_000;
    await sweep();
    await sessions.claimResume(session_id, 'call', 'claimant', 40_000);
    now += minute;
    await sweep();
    expect(produced).toEqual([message_id]);
  });
});
