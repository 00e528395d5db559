import type { State, Update } from '../state.ts';

/** Takes a failure as the run's outcome: it stays a failure with a code, and never becomes an answer's text. */
export function handleError(state: State): Update {
  const result = state.result ?? { status: 'failed' as const, code: 'internal' as const, reason: 'No agent answered.' };
  return { result, handled: true };
}
