import type { Key } from './table.ts';

/** Digits that hold any `seq`, so that the order of text is the order of numbers. */
const digits = 12;

/** A session's own item: its mailbox. */
export function sessionKey(sessionId: string): Key {
  return { pk: `S#${sessionId}`, sk: 'SESSION' };
}

/** The partition of everything in a session. */
export function sessionPartition(sessionId: string): string {
  return `S#${sessionId}`;
}

export function eventSk(seq: number): string {
  return `E#${String(seq).padStart(digits, '0')}`;
}

export function markerSk(messageId: string): string {
  return `M#${messageId.toLowerCase()}`;
}

export function traceSk(messageId: string): string {
  return `T#${messageId.toLowerCase()}`;
}

/** The partition and order of what the model is told. */
export function exchangeKey(sessionId: string, seq: number): Key {
  return { pk: `S#${sessionId}`, sk: `X#${String(seq).padStart(digits, '0')}` };
}
