import type { Durable } from './frames.ts';
import type { TranscriptPage } from './http.ts';
import { readDurable } from './read-durable.ts';
import { asFields, type Fields, textOf, wholeOf } from './read-fields.ts';

/** A session as the list shows it. */
export interface SessionSummary {
  readonly session_id: string;
  readonly title: string | undefined;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  readonly updated_at: string;
}

export interface SessionPage {
  readonly sessions: readonly SessionSummary[];
  readonly cursor: string | undefined;
}

/** What the page wants to know of the server's state. */
export interface Health {
  readonly model: { readonly name: string; readonly demo: boolean } | undefined;
}

/** Reads a session. Throws a `TypeError` when it has no id. */
export function readSession(fields: Fields): SessionSummary {
  const session_id = textOf(fields, 'session_id');
  if (session_id === undefined) throw new TypeError('The server sent a session without an id');
  const created_at = textOf(fields, 'created_at') ?? '';
  const title = textOf(fields, 'title')?.trim();
  return { session_id, title: title || undefined, created_at, updated_at: textOf(fields, 'updated_at') ?? created_at };
}

export function readSessions(fields: Fields): SessionPage {
  return { sessions: listOf(fields, 'sessions').map(readSession), cursor: textOf(fields, 'next_cursor') };
}

/** Reads a page of `messages`. Its rows are the log's events in other words; `next_since` is null at the end. */
export function readPage(fields: Fields): TranscriptPage {
  const rows = listOf(fields, 'messages')
    .map(readRow)
    .filter((row) => row !== undefined);
  const next = wholeOf(fields, 'next_since');
  const last = rows.at(-1)?.seq ?? 0;
  return { rows, next, upTo: next ?? Math.max(last, wholeOf(fields, 'last_seq') ?? 0) };
}

const retryable = new Set(['model_unavailable', 'model_rate_limited', 'model_timeout', 'internal']);

/** A row as the event it stands for. */
function readRow(row: Fields): Durable | undefined {
  const message = row.content ?? row.message;
  if (row.role === 'user') return readDurable({ ...row, type: 'user', message });
  if (row.role !== 'assistant') return readDurable(row);
  if (row.status === 'cancelled') return readDurable({ ...row, type: 'cancelled', message });
  if (row.status !== 'failed') return readDurable({ ...row, type: 'assistant', message });
  const code = textOf(row, 'code') ?? 'internal';
  return readDurable({ ...row, type: 'failed', message, retryable: row.retryable ?? retryable.has(code) });
}

export function readHealth(fields: Fields): Health {
  const model = asFields(asFields(fields.checks)?.model);
  if (!model) return { model: undefined };
  return { model: { name: textOf(model, 'name') ?? '', demo: model.demo === true } };
}

function listOf(fields: Fields, name: string): Fields[] {
  const value = fields[name];
  return Array.isArray(value) ? value.map(asFields).filter((item) => item !== undefined) : [];
}
