import type { AgentResult } from '../contracts/calls.ts';
import type { Outcome } from './graph.ts';

/**
 * A session as it is stored, and the mailbox in it: at most one run is under way, and what was accepted after
 * `done_seq` waits in the log.
 */
export interface Session {
  readonly session_id: string;
  readonly owner: string;
  readonly title?: string;
  readonly created_at: string;
  readonly updated_at: string;
  /** A `seq` that the log has reached for certain; the log may be longer. */
  readonly tail: number;
  /** `seq` of the last request whose end is stored; requests end in order. */
  readonly done_seq: number;
  /** Counts acceptances, so that "nothing is open" can be said without missing one. */
  readonly accepts: number;
  /** `accepts` when all had ended, as last seen; absent before. */
  readonly settled?: number;
  /**
   * `accepts` when all had ended and, beyond that, no acceptance was counted whose request was not in the log yet; absent
   * for 0. `settled` can't say so: an acceptor may be between its count and its append.
   */
  readonly calm?: number;
  readonly run?: Run;
}

/** A request under way: a suspended graph and the call it waits for. */
export interface Run {
  readonly run_id: string;
  /** The question's message id. */
  readonly message_id: string;
  /** `seq` of the request, and of the question it is about. */
  readonly seq: number;
  readonly question_seq: number;
  /** `calling`: the call's outcome is awaited. `resuming`: it is there, and the graph goes on. */
  readonly phase: 'calling' | 'resuming';
  readonly call: Call;
  /** The suspended graph. */
  readonly checkpoint: string;
  readonly traceparent: string;
  /** Epoch milliseconds; after that whoever finds the run may take it over. */
  readonly lease_until: number;
  /** Attempt that the conversation function has begun; 0 before. */
  readonly begun: number;
  /** Which copy of the call began it, by its `sent`. */
  readonly by?: number;
  /** A stop was asked for. */
  readonly cancel?: boolean;
  /** The call's result, where it can't be had again without calling the model. */
  readonly result?: AgentResult;
  /** The run's outcome, for a graph that ended without waiting for anyone. */
  readonly outcome?: Outcome;
}

/**
 * What becomes of an abandoned run. One whose result or outcome is kept goes on from there; any other has its call sent
 * again. An attempt that was sent but not begun keeps its number, so that only one of the copies can begin.
 */
export function takenOver({
  result,
  outcome,
  begun,
  call,
}: Run): Pick<Run, 'phase'> & Required<Pick<Call, 'attempt' | 'sent'>> {
  return { phase: result || outcome ? 'resuming' : 'calling', attempt: begun + 1, sent: (call.sent ?? 1) + 1 };
}

/** What changes in a run when its graph suspends again. */
export type Suspension = Pick<Run, 'checkpoint' | 'call' | 'lease_until'>;

/** What a suspended graph waits for. */
export interface Call {
  readonly call_id: string;
  /** LangGraph's id of the interrupt that the outcome answers. */
  readonly interrupt_id: string;
  readonly agent: string;
  /** From 1. */
  readonly attempt: number;
  /** How often it was sent, where more than once. */
  readonly sent?: number;
}
