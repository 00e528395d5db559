import type { Durable } from './frames.ts';
import { asFields, type Fields, parseObject, textOf, wholeOf } from './read-fields.ts';
import {
  type Health,
  readHealth,
  readPage,
  readSession,
  readSessions,
  type SessionPage,
  type SessionSummary,
} from './read-http.ts';
import { readTrace, type Trace } from './read-trace.ts';

/** The server refused: `code` is the contract's, or derived from the status where API Gateway answered by itself. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  /** Seconds. */
  readonly retryAfter: number | undefined;

  constructor(status: number, code: string, detail: string, retryAfter: number | undefined) {
    super(detail);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** True when the same request may succeed later. */
  get passing(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}

/** A page of a transcript: events of the log that are shown, up to `upTo`. */
export interface TranscriptPage {
  readonly rows: readonly Durable[];
  readonly upTo: number;
  /** Where the next page starts; undefined at the end. */
  readonly next: number | undefined;
}

/** A question as it is sent. */
export interface Question {
  readonly message_id: string;
  readonly message: string;
  readonly replaces?: string;
}

const codes: Record<number, string> = {
  400: 'invalid_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'too_large',
  429: 'rate_limited',
  503: 'unavailable',
};

/** The HTTP routes of the contract, section 2. Methods throw `Refusal`, or `TypeError` when there is no connection. */
export class Http {
  readonly #origin: string;

  /** @param origin of the server; the page's own by default */
  constructor(origin = '') {
    this.#origin = origin;
  }

  async createSession(): Promise<SessionSummary> {
    return readSession(await this.#ask('POST', '/api/sessions', {}));
  }

  async sessions(cursor?: string): Promise<SessionPage> {
    const query = new URLSearchParams({ limit: '50', ...(cursor !== undefined && { cursor }) });
    return readSessions(await this.#ask('GET', `/api/sessions?${query}`));
  }

  async session(id: string): Promise<SessionSummary> {
    return readSession(await this.#ask('GET', `/api/sessions/${encodeURIComponent(id)}`));
  }

  async rename(id: string, title: string): Promise<void> {
    await this.#ask('PATCH', `/api/sessions/${encodeURIComponent(id)}`, { title });
  }

  /** Goes out even while the page is being closed. */
  async remove(id: string): Promise<void> {
    await this.#ask('DELETE', `/api/sessions/${encodeURIComponent(id)}`);
  }

  async forget(id: string): Promise<void> {
    await this.#ask('DELETE', `/api/sessions/${encodeURIComponent(id)}/history`);
  }

  async transcript(id: string, since: number): Promise<TranscriptPage> {
    const query = new URLSearchParams({ since: String(since), limit: '100' });
    return readPage(await this.#ask('GET', `/api/sessions/${encodeURIComponent(id)}/messages?${query}`));
  }

  /** Fetches what a `large` frame points at; only this server's own routes. */
  async large(href: string): Promise<readonly Durable[]> {
    if (!href.startsWith('/api/')) throw new Refusal(400, 'invalid_request', 'Not a route of this server', undefined);
    return readPage(await this.#ask('GET', href)).rows;
  }

  /** @returns the `seq` that the question got */
  async send(id: string, question: Question): Promise<number> {
    const answer = await this.#ask('POST', `/api/sessions/${encodeURIComponent(id)}/messages`, question);
    return wholeOf(answer, 'seq', 1) ?? 0;
  }

  async trace(id: string, messageId: string): Promise<Trace | undefined> {
    const path = `/api/sessions/${encodeURIComponent(id)}/trace/${encodeURIComponent(messageId)}`;
    return readTrace(await this.#ask('GET', path));
  }

  /** An unhealthy server's answer counts too: it says what is wrong. */
  async health(): Promise<Health> {
    const answer = await fetch(`${this.#origin}/api/health`);
    return readHealth(parseObject(await answer.text()) ?? {});
  }

  async #ask(method: string, path: string, body?: object): Promise<Fields> {
    const answer = await fetch(`${this.#origin}${path}`, {
      method,
      credentials: 'same-origin',
      keepalive: method === 'DELETE',
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await answer.text();
    const fields = parseObject(text) ?? {};
    if (!answer.ok) throw refusal(answer, fields);
    return asFields(fields) ?? {};
  }
}

function refusal(answer: Response, fields: Fields): Refusal {
  const { status } = answer;
  const code = textOf(fields, 'code') ?? codes[status] ?? 'internal';
  const detail = textOf(fields, 'detail') ?? textOf(fields, 'message') ?? '';
  const after = Number(answer.headers.get('retry-after') ?? Number.NaN);
  return new Refusal(status, code, detail, Number.isFinite(after) ? after : undefined);
}
