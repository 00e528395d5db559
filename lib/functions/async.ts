import type { FunctionName } from './names.ts';

export interface AsyncCalls {
  /** Of a call that failed, after one minute and then two. */
  readonly retries: 0 | 1 | 2;
  /** How long a call may wait for a free place, in seconds (60 to 21,600). */
  readonly maxAgeSeconds: number;
  /** Function that gets the result, or the failure; `queue`: the failure waits for a person. */
  readonly destination?: FunctionName | 'queue';
}

/** Of the functions that are called without waiting. AWS's defaults are 2 retries and 6 hours. */
export const asyncCalls: Partial<Record<FunctionName, AsyncCalls>> = {
  // The model is called once per message, and a retry a minute later is too late for a chat: the supervisor is told
  // of the failure at once and decides.
  conversation: { retries: 0, maxAgeSeconds: 60, destination: 'supervisor' },
  // A result that is lost costs a call of the model; an hour, then the sweep has long noticed.
  supervisor: { retries: 2, maxAgeSeconds: 3600 },
  // "Deliver now": what comes late has been fetched by a resume.
  responder: { retries: 0, maxAgeSeconds: 60 },
  // Nothing that was set aside may be lost: while Kafka is away for longer than the attempts, it waits in a queue.
  'dead-letter': { retries: 2, maxAgeSeconds: 21_600, destination: 'queue' },
  // The next one comes in a minute.
  sweep: { retries: 0, maxAgeSeconds: 60 },
};

/** Called in a ring on purpose; our own bounds end it, not AWS's guard after 16 rounds. */
export const calledInARing: readonly FunctionName[] = ['supervisor', 'conversation', 'responder'];
