import type { State, Update } from '../state.ts';

/** The answer as it is kept and shown. */
export function formatResponse({ raw }: State): Update {
  const trimmed = raw.trimEnd();
  return { answer: trimmed === '' ? raw : trimmed };
}
