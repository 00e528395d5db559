import { randomUUID } from 'node:crypto';
import type { Script } from './model.ts';

export type Fields = Record<string, unknown>;
export type LogEvent = Fields & { readonly seq: number; readonly type: string };

/** Sends a frame to one page, or to all of the session. */
export type Send = (frame: Fields) => void;

interface Request {
  readonly message_id: string;
  readonly seq: number;
  readonly question: string;
}

interface Run extends Request {
  readonly abort: AbortController;
  readonly script: Script;
  /** Pieces sent so far. */
  sent: number;
}

/** One session: its log, and its runs one after the other. */
export class FakeSession {
  readonly session_id = randomUUID();
  readonly created_at = new Date().toISOString();
  readonly log: LogEvent[] = [];
  updated_at = this.created_at;
  title: string | undefined;
  deleted = false;
  #waiting: Request[] = [];
  #run: Run | undefined;
  readonly #broadcast: Send;
  readonly #answer: (question: string) => Script;

  constructor(broadcast: Send, answer: (question: string) => Script) {
    this.#broadcast = broadcast;
    this.#answer = answer;
  }

  get summary(): Fields {
    const { session_id, created_at, updated_at, title } = this;
    return { session_id, created_at, updated_at, title: title ?? null, last_seq: this.log.length };
  }

  /** Takes a question, once. @returns the reply */
  accept(message_id: string, message: string, replaces?: string): Fields {
    const known = this.log.find((event) => event.type === 'user' && event.message_id === message_id);
    if (known && known.message !== message) {
      return { type: 'error', code: 'conflict', message: 'The id was used before.', message_id };
    }
    if (known) return { type: 'accepted', message_id, seq: known.seq, status: 'duplicate' };
    const { seq } = this.#append({ type: 'user', message_id, message, ...(replaces !== undefined && { replaces }) });
    this.#enqueue({ message_id, seq, question: message });
    return { type: 'accepted', message_id, seq, status: 'accepted' };
  }

  regenerate(message_id: string): Fields | undefined {
    const asked = this.log.find((event) => event.type === 'user' && event.message_id === message_id);
    if (!asked) return { type: 'error', code: 'not_found', message: 'No such message.', message_id };
    const { seq } = this.#append({ type: 'regenerate', in_reply_to: message_id });
    this.#enqueue({ message_id, seq, question: String(asked.message) });
    return undefined;
  }

  cancel(message_id: string): void {
    const waiting = this.#waiting.find((request) => request.message_id === message_id);
    if (waiting) {
      this.#waiting = this.#waiting.filter((request) => request !== waiting);
      this.#append({ type: 'cancelled', in_reply_to: message_id, message: '' });
    }
    if (this.#run?.message_id === message_id) this.#run.abort.abort();
  }

  /** Sends everything after `since`, and what has been written of a running answer. */
  replay(since: number, send: Send): void {
    for (const event of this.log) if (event.seq > since) send({ ...event, replay: true });
    send({ type: 'replayed', up_to: this.log.length });
    const run = this.#run;
    if (run && run.sent > 0) {
      const text = run.script.pieces.slice(0, run.sent).join('');
      send({ ...this.#delta(run), from: 0, index: run.sent - 1, text });
    }
  }

  /** Appends events as if the session had a history. */
  record(events: readonly Fields[]): void {
    for (const event of events) this.#append(event);
  }

  end(): void {
    this.deleted = true;
    this.#waiting = [];
    this.#run?.abort.abort();
  }

  #append(event: Fields): LogEvent {
    const { session_id } = this;
    this.updated_at = new Date().toISOString();
    const entry = {
      ...event,
      session_id,
      seq: this.log.length + 1,
      created_at: this.updated_at,
    } as unknown as LogEvent;
    this.log.push(entry);
    this.#broadcast(entry);
    return entry;
  }

  #enqueue(request: Request): void {
    this.#waiting.push(request);
    if (!this.#run) return void this.#next();
    const position = this.#waiting.length;
    this.#broadcast({ type: 'status', in_reply_to: request.message_id, state: 'queued', position, run: request.seq });
  }

  async #next(): Promise<void> {
    const request = this.#waiting.shift();
    if (!request) return;
    const run = { ...request, abort: new AbortController(), script: this.#answer(request.question), sent: 0 };
    this.#run = run;
    this.#broadcast({ type: 'status', in_reply_to: run.message_id, state: 'started', run: run.seq });
    const stopped = !(await this.#stream(run));
    this.#run = undefined;
    if (this.deleted) return;
    this.#append(endOf(run, stopped));
    void this.#next();
  }

  /** @returns false when it was stopped */
  async #stream(run: Run): Promise<boolean> {
    const { script, abort } = run;
    for (const [index, text] of script.pieces.entries()) {
      await wait(index === 0 ? script.firstMs : script.pieceMs, abort.signal);
      if (abort.signal.aborted) return false;
      run.sent = index + 1;
      this.#broadcast({ ...this.#delta(run), index, text });
    }
    if (script.pieces.length === 0) await wait(script.firstMs, abort.signal);
    if (script.hangs) await wait(2 ** 30, abort.signal);
    return !abort.signal.aborted;
  }

  #delta(run: Run): Fields {
    return { type: 'delta', in_reply_to: run.message_id, attempt: 1, run: run.seq };
  }
}

function endOf(run: Run, stopped: boolean): Fields {
  const in_reply_to = run.message_id;
  const message = run.script.pieces.slice(0, run.sent).join('');
  if (stopped) return { type: 'cancelled', in_reply_to, message };
  const { fails } = run.script;
  if (fails !== undefined) {
    const retryable = fails !== 'model_misconfigured';
    return { type: 'failed', in_reply_to, code: fails, message: 'The model gave no answer.', retryable };
  }
  const usage = { input_tokens: 12, output_tokens: run.sent, total_tokens: 12 + run.sent };
  return {
    type: 'assistant',
    message_id: randomUUID(),
    in_reply_to,
    message,
    agent: 'conversation',
    model: 'demo',
    usage,
  };
}

/** Waits, or until it is stopped. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      resolve();
    }
  });
}
