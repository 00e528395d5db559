import { type Http, Refusal } from './http.ts';
import type { Outbox } from './outbox.ts';
import type { SessionSummary } from './read-http.ts';
import { backoff } from './timing.ts';

/** What becomes of questions that were asked before their session existed. */
export interface DraftsOwner {
  /** The session exists, and the questions are its own now. */
  created(session: SessionSummary): void;
  /** The server cannot be reached; another attempt follows at `at`, epoch milliseconds. */
  delayed(at: number): void;
  refused(error: Refusal): void;
}

/** Creates the session for a new chat's first questions, however long that takes. Only one tab does it. */
export class Drafts {
  readonly #http: Http;
  readonly #outbox: Outbox;
  readonly #owner: DraftsOwner;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #busy = false;

  constructor(http: Http, outbox: Outbox, owner: DraftsOwner) {
    this.#http = http;
    this.#outbox = outbox;
    this.#owner = owner;
  }

  /** Tries now. */
  check(): void {
    clearTimeout(this.#timer);
    if (!this.#busy && this.#outbox.list('').length > 0) void this.#run();
  }

  async #run(): Promise<void> {
    this.#busy = true;
    try {
      await exclusively(() => this.#create());
      this.#attempt = 0;
    } catch (error) {
      if (error instanceof Refusal && !error.passing) this.#owner.refused(error);
      else this.#later();
    } finally {
      this.#busy = false;
    }
  }

  async #create(): Promise<void> {
    if (this.#outbox.list('').length === 0) return;
    const session = await this.#http.createSession();
    for (const question of this.#outbox.list('')) {
      this.#outbox.put({ ...question, session_id: session.session_id });
    }
    this.#owner.created(session);
  }

  #later(): void {
    const wait = backoff(this.#attempt++);
    this.#owner.delayed(Date.now() + wait);
    this.#timer = setTimeout(() => this.check(), wait);
  }
}

/** Runs while no other tab does, where the browser can tell. */
async function exclusively(work: () => Promise<void>): Promise<void> {
  if (typeof navigator === 'undefined' || !navigator.locks) return work();
  await navigator.locks.request('switchboard.new-session', work);
}
