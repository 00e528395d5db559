import { textOf } from '../kafka/read.ts';
import { textTable } from '../text-table.ts';
import { againOf } from './dead-letter.ts';
import type { Case } from './dead-letter-topics.ts';

/** `open` until somebody sent or dropped it. */
export function stateOf({ marks }: Case): 'open' | 'sent' | 'dropped' {
  return marks.at(-1)?.action ?? 'open';
}

/** A table for people, one line per dead letter. */
export function listed(cases: readonly Case[], now: number): string {
  const rows = cases.map((one) => [
    one.ref,
    age(now - one.setAsideAt),
    stateOf(one),
    one.sessionId ?? '-',
    String(one.original?.value?.length ?? 0),
    one.reason,
  ]);
  return textTable(['record', 'age', 'state', 'session', 'bytes', 'reason'], rows);
}

/** Everything about one dead letter, as JSON: text where bytes are text, else base64. */
export function shown(one: Case, now: number): object {
  const { ref, reason, origin, recordId, sessionId, original, marks } = one;
  return {
    record: ref,
    state: stateOf(one),
    reason,
    set_aside_at: new Date(one.setAsideAt).toISOString(),
    age: age(now - one.setAsideAt),
    origin,
    session_id: sessionId ?? null,
    record_id: recordId,
    can_be_sent: againOf(one) !== undefined,
    key: original ? textOf(original.key) : null,
    headers: original ? Object.fromEntries(original.headers.map(({ key, value }) => [key, textOf(value)])) : null,
    value: original ? textOf(original.value) : null,
    marks: marks.map(({ action, at, by }) => ({ action, at, by })),
  };
}

/** `40 s`, `12 min`, `5 h`, `3 d`. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}
