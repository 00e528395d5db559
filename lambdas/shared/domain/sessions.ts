import type { AgentResult } from '../contracts/calls.ts';
import type { Run, Session, Suspension } from './session.ts';

/** The outcome of a conditional update: whether its condition held, and the session as it is afterwards. */
export interface Claim {
  readonly won: boolean;
  /** None when there is no such session, or it was deleted. */
  readonly session?: Session;
}

/**
 * Storage of sessions and their mailboxes. Promises of every implementation:
 * - reads are strongly consistent unless asked otherwise; a deleted session reads as none;
 * - each update touches one item under its condition, or nothing. When the answer to a write was lost, implementations
 *   look whether it took place and report `won` by what they find, so that a caller never believes it lost what it holds;
 * - nothing here brings a deleted session back.
 */
export interface Sessions {
  create(session: Session): Promise<void>;
  /** `eventually`: as it is, or was a moment ago, at half the price. */
  get(sessionId: string, how?: 'eventually'): Promise<Session | undefined>;
  /** True when the session was deleted not long ago, so that what arrives late for it is known as such. */
  wasDeleted(sessionId: string): Promise<boolean>;
  rename(sessionId: string, title: string): Promise<Session | undefined>;
  /** Counts an acceptance and marks the session as one with open work. */
  touch(sessionId: string, at: Date): Promise<Session | undefined>;
  /**
   * Starts a run if none is under way and `done_seq` is still what the caller saw. Marks the session as open where it is
   * not: an acceptance may be counted, and settled, before its request is in the log.
   */
  claim(sessionId: string, seenDoneSeq: number, run: Run, tail: number, at: Date): Promise<Claim>;
  /**
   * Takes over a run that `seen` shows to be abandoned: it becomes what `takenOver` says, with a new lease.
   */
  takeOver(sessionId: string, seen: Run, leaseUntil: number): Promise<Claim>;
  /** Marks an attempt as begun by `worker`, which was given the copy `sent` of the call, once, and extends the lease. */
  begin(
    sessionId: string,
    callId: string,
    attempt: number,
    worker: string,
    leaseUntil: number,
    sent?: number,
  ): Promise<Claim>;
  /** Claims the right to resume the graph with a call's outcome, once per call. Keeps `result` where it is given. */
  claimResume(
    sessionId: string,
    callId: string,
    claimant: string,
    leaseUntil: number,
    result?: AgentResult,
  ): Promise<Claim>;
  /**
   * Stores the next suspension of a run that was claimed for resuming by call `callId`: its checkpoint, call and lease,
   * with nothing begun. A stop that was asked for meanwhile stands.
   */
  suspend(sessionId: string, callId: string, next: Suspension): Promise<Claim>;
  /** Ends the run of request `seq`, and moves `done_seq` there. */
  release(sessionId: string, seq: number, tail: number): Promise<Claim>;
  /**
   * The same, and says that nothing is open and all is `calm`, in one update: only while `accepts` is still that. When
   * the answer to the write was lost it may say false although it took place: `release` finds that out.
   */
  releaseLast(sessionId: string, seq: number, tail: number, accepts: number): Promise<boolean>;
  /** Says that the log has reached `seq`, so that what is appended next has a short way. */
  reach(sessionId: string, seq: number): Promise<void>;
  /** Moves `done_seq` past requests that have their end already, while no run is under way. */
  skip(sessionId: string, seenDoneSeq: number, doneSeq: number): Promise<Claim>;
  /** Says that nothing is open, unless something was accepted since `seen` was read. */
  settle(seen: Session): Promise<boolean>;
  /** Sessions marked as having open work whose turn to be looked at has come; at most `limit`. */
  open(before: Date, limit: number): Promise<string[]>;
  /**
   * Deletes a session: what stays is a stone without content that lets late arrivals be known as such, and asks to be
   * looked at again at `again`, when no function that was under way can still be writing. False for no session.
   */
  bury(sessionId: string, again: Date): Promise<boolean>;
  /** Has a stone not looked at any more; it expires by itself. */
  settleStone(sessionId: string): Promise<void>;
  /** Has an open session looked at again later. */
  postpone(sessionId: string, until: Date): Promise<void>;
  /** Asks a running call to stop. */
  cancel(sessionId: string, messageId: string): Promise<Claim>;
}
