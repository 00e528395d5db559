import type { AgentResult } from '../../../lambdas/shared/contracts/calls.ts';
import { type Run, type Session, type Suspension, takenOver } from '../../../lambdas/shared/domain/session.ts';
import type { Claim, Sessions } from '../../../lambdas/shared/domain/sessions.ts';

type Row = Session & { deleted?: boolean; open_at?: number; worker?: string; claimant?: string };

/** Sessions in memory, for tests of the domain; the contract suite holds it to what DynamoDB does. */
export class InMemorySessions implements Sessions {
  readonly rows = new Map<string, Row>();
  readonly stones = new Map<string, number | undefined>();

  async create(session: Session): Promise<void> {
    if (!this.rows.has(session.session_id)) this.rows.set(session.session_id, structuredClone(session));
  }

  async get(sessionId: string): Promise<Session | undefined> {
    return shown(this.rows.get(sessionId));
  }

  async wasDeleted(sessionId: string): Promise<boolean> {
    return this.stones.has(sessionId);
  }

  async rename(sessionId: string, title: string): Promise<Session | undefined> {
    return this.#update(sessionId, () => true, { title }).session;
  }

  async touch(sessionId: string, at: Date): Promise<Session | undefined> {
    const accepts = (this.rows.get(sessionId)?.accepts ?? 0) + 1;
    const fields = { accepts, updated_at: at.toISOString(), open_at: at.getTime() };
    return this.#update(sessionId, () => true, fields).session;
  }

  async claim(sessionId: string, seenDoneSeq: number, run: Run, tail: number, at: Date): Promise<Claim> {
    const open_at = this.rows.get(sessionId)?.open_at ?? at.getTime();
    return this.#update(sessionId, (row) => !row.run && row.done_seq === seenDoneSeq, { run, tail, open_at });
  }

  async takeOver(sessionId: string, seen: Run, leaseUntil: number): Promise<Claim> {
    const same = ({ run }: Row) =>
      run?.call.call_id === seen.call.call_id && run.lease_until === seen.lease_until && run.begun === seen.begun;
    const { phase, attempt, sent } = takenOver(seen);
    return this.#updateRun(sessionId, same, (run) => ({
      ...run,
      phase,
      lease_until: leaseUntil,
      call: { ...run.call, attempt, sent },
    }));
  }

  async begin(
    sessionId: string,
    callId: string,
    attempt: number,
    _worker: string,
    until: number,
    sent = 1,
  ): Promise<Claim> {
    const may = ({ run }: Row) => run?.call.call_id === callId && run.begun < attempt && run.phase === 'calling';
    return this.#updateRun(sessionId, may, (run) => ({ ...run, begun: attempt, by: sent, lease_until: until }));
  }

  async claimResume(
    sessionId: string,
    callId: string,
    _claimant: string,
    until: number,
    result?: AgentResult,
  ): Promise<Claim> {
    const may = ({ run }: Row) => run?.call.call_id === callId && run.phase === 'calling';
    return this.#updateRun(sessionId, may, (run) => ({
      ...run,
      phase: 'resuming',
      lease_until: until,
      ...(result && { result }),
    }));
  }

  async suspend(sessionId: string, callId: string, next: Suspension): Promise<Claim> {
    const may = ({ run }: Row) => run?.call.call_id === callId && run.phase === 'resuming';
    const { checkpoint, call, lease_until } = next;
    return this.#updateRun(sessionId, may, ({ result: _used, ...run }) => ({
      ...run,
      phase: 'calling',
      checkpoint,
      call,
      lease_until,
      begun: 0,
    }));
  }

  async release(sessionId: string, seq: number, tail: number): Promise<Claim> {
    const row = this.rows.get(sessionId);
    if (!row) return { won: false };
    if (row.run?.seq === seq) {
      const { run: _run, ...rest } = row;
      this.rows.set(sessionId, { ...rest, done_seq: seq, tail });
    }
    const session = shown(this.rows.get(sessionId));
    return { won: (session?.done_seq ?? -1) >= seq, ...(session && { session }) };
  }

  async releaseLast(sessionId: string, seq: number, tail: number, accepts: number): Promise<boolean> {
    const row = this.rows.get(sessionId);
    if (row?.run?.seq !== seq || row.accepts !== accepts) return false;
    const { run: _run, open_at: _open, ...rest } = row;
    this.rows.set(sessionId, { ...rest, done_seq: seq, tail, settled: accepts, calm: accepts });
    return true;
  }

  async reach(sessionId: string, seq: number): Promise<void> {
    this.#update(sessionId, (row) => row.tail < seq, { tail: seq });
  }

  async skip(sessionId: string, seenDoneSeq: number, doneSeq: number): Promise<Claim> {
    const claim = this.#update(sessionId, (row) => !row.run && row.done_seq === seenDoneSeq, { done_seq: doneSeq });
    return { ...claim, won: (claim.session?.done_seq ?? -1) >= doneSeq };
  }

  async settle(seen: Session): Promise<boolean> {
    const row = this.rows.get(seen.session_id);
    if (!row || row.run || row.accepts !== seen.accepts || row.done_seq !== seen.done_seq) return false;
    const { open_at: _open, ...rest } = row;
    this.rows.set(seen.session_id, { ...rest, settled: seen.accepts });
    return true;
  }

  async open(before: Date, limit: number): Promise<string[]> {
    const rows = [...this.rows.values()].map((row) => [row.session_id, row.open_at] as const);
    const due = [...rows, ...this.stones].filter(([, at]) => at !== undefined && at < before.getTime());
    return due.slice(0, limit).map(([id]) => id);
  }

  async bury(sessionId: string, again: Date): Promise<boolean> {
    if (!this.rows.delete(sessionId)) return false;
    this.stones.set(sessionId, again.getTime());
    return true;
  }

  async settleStone(sessionId: string): Promise<void> {
    if (this.stones.has(sessionId)) this.stones.set(sessionId, undefined);
  }

  async postpone(sessionId: string, until: Date): Promise<void> {
    const row = this.rows.get(sessionId);
    if (row?.open_at !== undefined) row.open_at = until.getTime();
  }

  async cancel(sessionId: string, messageId: string): Promise<Claim> {
    const may = ({ run }: Row) => run?.message_id === messageId;
    return this.#updateRun(sessionId, may, (run) => ({ ...run, cancel: true }));
  }

  #updateRun(sessionId: string, may: (row: Row) => boolean, change: (run: Run) => Run): Claim {
    const row = this.rows.get(sessionId);
    if (row?.run && may(row)) return this.#update(sessionId, () => true, { run: change(row.run) });
    const session = shown(row);
    return { won: false, ...(session && { session }) };
  }

  #update(sessionId: string, may: (row: Row) => boolean, fields: Partial<Row>): Claim {
    const row = this.rows.get(sessionId);
    if (!row) return { won: false };
    const won = may(row);
    if (won) this.rows.set(sessionId, { ...row, ...structuredClone(fields) });
    const session = shown(this.rows.get(sessionId));
    return { won, ...(session && { session }) };
  }
}

function shown(row: Row | undefined): Session | undefined {
  if (!row) return undefined;
  const { open_at: _open, ...session } = structuredClone(row);
  return session;
}
