import type { NewRecord, StoredRecord } from '../../local/kafka/wire/record-batch.ts';
import { header, isObject, jsonOf } from '../kafka/read.ts';
import type { DeadLetter } from './dead-letter.ts';

/**
 * What was decided about a dead letter. It is a record of the dead-letter topic itself: every operator sees it wherever
 * they sit, it needs no rights that reading and sending do not need, and it is kept longer than what it is about.
 */
export interface Mark {
  /** The dead letter's. */
  readonly ref: string;
  readonly action: 'sent' | 'dropped';
  /** ISO-8601. */
  readonly at: string;
  readonly by: string;
}

const markHeader = 'dead-letter-mark';

/** A mark as it is written, under the key of its dead letter. */
export function markRecord({ key, ref }: DeadLetter, mark: Omit<Mark, 'ref'>): NewRecord {
  const value = Buffer.from(JSON.stringify({ ref, ...mark }));
  return { key, value, headers: [{ key: markHeader, value: Buffer.from(mark.action) }] };
}

/** Undefined for a record that is no mark. */
export function readMark({ headers, value, timestamp }: StoredRecord): Mark | undefined {
  const action = header(headers, markHeader);
  const body = jsonOf(value);
  if ((action !== 'sent' && action !== 'dropped') || !isObject(body) || typeof body.ref !== 'string') return undefined;
  const { ref, at = new Date(timestamp).toISOString(), by = 'somebody' } = body;
  return { ref, action, at: String(at), by: String(by) };
}
