import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DynamoDbSessions } from '../../lambdas/shared/adapters/dynamodb/sessions.ts';
import type { Run, Session } from '../../lambdas/shared/domain/session.ts';
import type { Sessions } from '../../lambdas/shared/domain/sessions.ts';
import { createTestTable, type TestTable } from '../support/dynamodb.ts';
import { InMemorySessions } from '../support/stores/sessions.ts';

let store: TestTable;
beforeAll(async () => {
  store = await createTestTable();
});
afterAll(async () => store.stop());

const at = new Date('2026-01-01T00:00:00.000Z');

function freshSession(): Session {
  const time = at.toISOString();
  const session_id = randomUUID();
  return { session_id, owner: 'me', title: 'T', created_at: time, updated_at: time, tail: 0, done_seq: 0, accepts: 0 };
}

function runOf(seq: number): Run {
  return {
    run_id: randomUUID(),
    message_id: randomUUID(),
    seq,
    question_seq: seq,
    phase: 'calling',
    call: { call_id: randomUUID(), interrupt_id: 'i', agent: 'conversation', attempt: 1 },
    checkpoint: '{}',
    traceparent: '00-0-0-01',
    lease_until: 1_000,
    begun: 0,
  };
}

const kinds: readonly (readonly [string, () => Sessions])[] = [
  ['in memory', () => new InMemorySessions()],
  ['in DynamoDB', () => new DynamoDbSessions(store.table)],
];

describe.each(kinds)('sessions %s', (_name, create) => {
  let sessions: Sessions;
  let session: Session;
  let id: string;

  beforeEach(async () => {
    sessions = create();
    session = freshSession();
    id = session.session_id;
    await sessions.create(session);
  });

  it('gives what was created, and nothing for an unknown id', async () => {
    expect(await sessions.get(id)).toEqual(session);
    expect(await sessions.get(randomUUID())).toBeUndefined();
    expect(await sessions.wasDeleted(randomUUID())).toBe(false);
  });

  it('counts acceptances and marks the session as open until it is settled', async () => {
    await sessions.touch(id, at);
    const touched = await sessions.touch(id, at);
    expect(touched?.accepts).toBe(2);
    const later = new Date(at.getTime() + 1);
    expect(await sessions.open(later, 800)).toContain(id);
    expect(await sessions.settle({ ...session, accepts: 1 })).toBe(false);
    expect(await sessions.settle({ ...session, accepts: 2 })).toBe(true);
    expect((await sessions.get(id))?.settled).toBe(2);
    expect(await sessions.open(later, 800)).not.toContain(id);
  });

  it('lets one of many claims win', async () => {
    const runs = Array.from({ length: 8 }, () => runOf(1));
    const claims = await Promise.all(runs.map((run) => sessions.claim(id, 0, run, 1, at)));
    expect(claims.filter(({ won }) => won)).toHaveLength(1);
    const standing = await sessions.get(id);
    expect(standing?.run?.run_id).toBe(runs[claims.findIndex(({ won }) => won)]?.run_id);
    expect(standing?.tail).toBe(1);
  });

  it('marks a session as open again that was settled before its run began', async () => {
    const touched = await sessions.touch(id, at);
    expect(touched && (await sessions.settle(touched))).toBe(true);
    const later = new Date(at.getTime() + 1);
    expect(await sessions.open(later, 800)).not.toContain(id);
    await sessions.claim(id, 0, runOf(1), 1, at);
    expect(await sessions.open(later, 800)).toContain(id);
  });

  it('refuses a claim that saw another done_seq', async () => {
    expect((await sessions.claim(id, 5, runOf(6), 6, at)).won).toBe(false);
  });

  it('lets an attempt begin once, and no attempt before it afterwards', async () => {
    const run = runOf(1);
    await sessions.claim(id, 0, run, 1, at);
    const { call_id } = run.call;
    const begun = await Promise.all(['a', 'b', 'c'].map((worker) => sessions.begin(id, call_id, 1, worker, 9_000)));
    expect(begun.filter(({ won }) => won)).toHaveLength(1);
    expect((await sessions.get(id))?.run).toMatchObject({ begun: 1, lease_until: 9_000 });
    expect((await sessions.begin(id, call_id, 2, 'd', 9_500)).won).toBe(true);
    expect((await sessions.begin(id, call_id, 1, 'e', 9_900)).won).toBe(false);
    expect((await sessions.begin(id, randomUUID(), 3, 'f', 9_900)).won).toBe(false);
  });

  it('takes over only what was seen, and numbers the attempt after the last begun one', async () => {
    const run = runOf(1);
    await sessions.claim(id, 0, run, 1, at);
    const again = await sessions.takeOver(id, run, 2_000);
    expect(again).toMatchObject({ won: true, session: { run: { call: { attempt: 1, sent: 2 }, lease_until: 2_000 } } });
    expect((await sessions.takeOver(id, run, 3_000)).won).toBe(false);
    await sessions.begin(id, run.call.call_id, 1, 'a', 4_000);
    const seen = (await sessions.get(id))?.run;
    expect(seen && (await sessions.takeOver(id, seen, 5_000))).toMatchObject({
      won: true,
      session: { run: { phase: 'calling', call: { attempt: 2, sent: 3 } } },
    });
  });

  it('takes over a run from its kept result, for its graph to go on', async () => {
    const run = runOf(1);
    await sessions.claim(id, 0, run, 1, at);
    const { call_id } = run.call;
    await sessions.claimResume(id, call_id, 'a', 2_000, { status: 'cancelled', partial: '' });
    const seen = (await sessions.get(id))?.run;
    expect(seen && (await sessions.takeOver(id, seen, 5_000))).toMatchObject({
      won: true,
      session: { run: { phase: 'resuming' } },
    });
    const next = { ...run, call: { ...run.call, call_id: randomUUID() } };
    expect((await sessions.suspend(id, call_id, next)).won).toBe(true);
  });

  it('notes how far the log has come, and never less', async () => {
    await sessions.reach(id, 70);
    await sessions.reach(id, 65);
    expect((await sessions.get(id))?.tail).toBe(70);
  });

  it('lets one resume of a call win, and keeps a failure for whoever takes over', async () => {
    const run = runOf(1);
    await sessions.claim(id, 0, run, 1, at);
    const failure = { status: 'failed', code: 'model_timeout', reason: 'late' } as const;
    const { call_id } = run.call;
    const claims = await Promise.all(
      ['a', 'b'].map((claimant) => sessions.claimResume(id, call_id, claimant, 2_000, failure)),
    );
    expect(claims.filter(({ won }) => won)).toHaveLength(1);
    const next = { ...run, call: { ...run.call, call_id: randomUUID() } };
    expect((await sessions.suspend(id, randomUUID(), next)).won).toBe(false);
    expect((await sessions.get(id))?.run?.result).toEqual(failure);
    expect((await sessions.suspend(id, call_id, next)).won).toBe(true);
    expect((await sessions.get(id))?.run?.result).toBeUndefined();
    expect((await sessions.claimResume(id, call_id, 'c', 2_000)).won).toBe(false);
  });

  it('keeps a stop that was asked for between the result of one call and the next call', async () => {
    const run = runOf(1);
    await sessions.claim(id, 0, run, 1, at);
    const { call_id } = run.call;
    await sessions.begin(id, call_id, 1, 'a', 2_000);
    await sessions.claimResume(id, call_id, 'a', 2_000);
    await sessions.cancel(id, run.message_id);
    const next = { ...run, checkpoint: 'second', call: { ...run.call, call_id: randomUUID() }, lease_until: 3_000 };
    expect((await sessions.suspend(id, call_id, next)).won).toBe(true);
    expect((await sessions.get(id))?.run).toMatchObject({ ...next, phase: 'calling', begun: 0, cancel: true });
  });

  it('releases the run of that request only, and says so again to those who ask again', async () => {
    await sessions.claim(id, 0, runOf(1), 1, at);
    expect((await sessions.release(id, 7, 8)).won).toBe(false);
    expect((await sessions.release(id, 1, 2)).won).toBe(true);
    const released = await sessions.get(id);
    expect(released).toMatchObject({ done_seq: 1, tail: 2 });
    expect(released?.run).toBeUndefined();
    expect((await sessions.release(id, 1, 2)).won).toBe(true);
  });

  it('releases the last open request and settles in one, unless something was accepted meanwhile', async () => {
    const seen = await sessions.touch(id, at);
    await sessions.claim(id, 0, runOf(1), 1, at);
    const later = new Date(at.getTime() + 1);
    expect(await sessions.releaseLast(id, 1, 2, 0)).toBe(false);
    expect(await sessions.releaseLast(id, 7, 8, seen?.accepts ?? 0)).toBe(false);
    expect(await sessions.open(later, 800)).toContain(id);
    expect(await sessions.releaseLast(id, 1, 2, seen?.accepts ?? 0)).toBe(true);
    const released = await sessions.get(id);
    expect(released).toMatchObject({ done_seq: 1, tail: 2, settled: seen?.accepts, calm: seen?.accepts });
    expect(released?.run).toBeUndefined();
    expect(await sessions.open(later, 800)).not.toContain(id);
    expect(await sessions.releaseLast(id, 1, 2, seen?.accepts ?? 0)).toBe(false);
    expect((await sessions.release(id, 1, 2)).won).toBe(true);
  });

  it('does not settle while a run is under way', async () => {
    const touched = await sessions.touch(id, at);
    await sessions.claim(id, 0, runOf(1), 1, at);
    expect(touched && (await sessions.settle(touched))).toBe(false);
  });

  it('skips requests that have their end', async () => {
    expect((await sessions.skip(id, 0, 3)).won).toBe(true);
    expect((await sessions.skip(id, 0, 1)).won).toBe(true);
    expect((await sessions.get(id))?.done_seq).toBe(3);
  });

  it('asks the running call to stop, and no other', async () => {
    const run = runOf(1);
    await sessions.claim(id, 0, run, 1, at);
    expect((await sessions.cancel(id, randomUUID())).won).toBe(false);
    expect((await sessions.cancel(id, run.message_id)).won).toBe(true);
    expect((await sessions.get(id))?.run?.cancel).toBe(true);
  });

  it('never brings a deleted session back', async () => {
    const run = runOf(1);
    await sessions.claim(id, 0, run, 1, at);
    expect(await sessions.bury(id, at)).toBe(true);
    expect(await sessions.bury(id, at)).toBe(false);
    expect(await sessions.get(id)).toBeUndefined();
    expect(await sessions.wasDeleted(id)).toBe(true);
    expect(await sessions.touch(id, at)).toBeUndefined();
    expect(await sessions.rename(id, 'x')).toBeUndefined();
    expect(await sessions.claim(id, 0, runOf(1), 1, at)).toEqual({ won: false });
    expect(await sessions.begin(id, run.call.call_id, 1, 'a', 2_000)).toEqual({ won: false });
    expect(await sessions.claimResume(id, run.call.call_id, 'a', 2_000)).toEqual({ won: false });
    expect(await sessions.release(id, 1, 2)).toEqual({ won: false });
    expect(await sessions.releaseLast(id, 1, 2, 0)).toBe(false);
    expect(await sessions.skip(id, 0, 1)).toEqual({ won: false });
    expect(await sessions.get(id)).toBeUndefined();
    const later = new Date(at.getTime() + 1);
    expect(await sessions.open(later, 800)).toContain(id);
    // What looked at it before it was deleted may not put its purge off.
    await sessions.postpone(id, new Date(at.getTime() + 60_000));
    await sessions.reach(id, 5);
    expect(await sessions.open(later, 800)).toContain(id);
    await sessions.settleStone(id);
    expect(await sessions.open(later, 800)).not.toContain(id);
    expect(await sessions.wasDeleted(id)).toBe(true);
  });

  it('looks at a postponed session later', async () => {
    await sessions.touch(id, at);
    await sessions.postpone(id, new Date(at.getTime() + 60_000));
    expect(await sessions.open(new Date(at.getTime() + 1), 800)).not.toContain(id);
    expect(await sessions.open(new Date(at.getTime() + 60_001), 800)).toContain(id);
  });
});
