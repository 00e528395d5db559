import { isNodeTimeoutError } from '@langchain/langgraph';
import type { FailureCode } from '../shared/contracts/log-events.ts';

/** A model call that failed. `transient`: the same call may succeed at once. */
export class ModelError extends Error {
  readonly code: FailureCode;
  readonly transient: boolean;

  constructor(code: FailureCode, message: string, transient: boolean, cause: unknown) {
    super(message, { cause });
    this.name = 'ModelError';
    this.code = code;
    this.transient = transient;
  }
}

/** Turns what the client throws into a failure with a code. After the first token nothing is tried again. */
export function modelError(error: unknown, written: string): unknown {
  if (isNodeTimeoutError(error)) return error;
  const { status, name } = error as { status?: number; name?: string };
  if (name === 'AbortError' || name === 'APIUserAbortError') return error;
  const untouched = written === '';
  if (status === 401 || status === 403) {
    return new ModelError('model_misconfigured', 'The model refused our credentials.', false, error);
  }
  if (status === 404) return new ModelError('model_misconfigured', 'The model is not known there.', false, error);
  if (status === 429) {
    return new ModelError('model_rate_limited', 'The model has too many requests; try again soon.', untouched, error);
  }
  if (status !== undefined && status >= 400 && status < 500) {
    return new ModelError('model_rejected', 'The model does not take this question.', false, error);
  }
  const message = untouched ? 'The model can’t be reached.' : 'The answer broke off.';
  return new ModelError('model_unavailable', message, untouched, error);
}

/** Why a run of the graph failed, for the one who asked. */
export function failureOf(error: unknown): { code: FailureCode; reason: string } {
  if (isNodeTimeoutError(error)) return { code: 'model_timeout', reason: 'The model took too long.' };
  if (error instanceof ModelError) return { code: error.code, reason: error.message };
  const { name } = error as { name?: string };
  if (name === 'TimeoutError' || name === 'AbortError')
    return { code: 'model_timeout', reason: 'The model took too long.' };
  return { code: 'internal', reason: 'Something went wrong while the answer was made.' };
}
