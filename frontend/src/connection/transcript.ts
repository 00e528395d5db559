import type { Conversation } from '../state/conversation.ts';
import type { ChatEvent } from '../state/reduce.ts';
import { type Http, Refusal } from './http.ts';
import { backoff } from './timing.ts';

/** What the page does with what is fetched for a conversation. */
export interface TranscriptOwner {
  conversation(): Conversation;
  dispatch(event: ChatEvent): void;
  connected(): boolean;
  loaded(): void;
  /** There is no such session, or it is someone else's. */
  gone(): void;
}

/** Fetches a conversation's log over HTTP: all of it in pages, and single rows that are too large for a frame. */
export class Transcript {
  readonly #http: Http;
  readonly #sessionId: string;
  readonly #owner: TranscriptOwner;
  readonly #fetching = new Set<number>();
  #retry: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(http: Http, sessionId: string, owner: TranscriptOwner) {
    this.#http = http;
    this.#sessionId = sessionId;
    this.#owner = owner;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
  }

  /** Fetches what follows the last row that is known, however long that takes. */
  async fetch(attempt = 0): Promise<void> {
    try {
      await this.#fetchPages();
      if (!this.#stopped) this.#owner.loaded();
    } catch (error) {
      if (!this.#stopped) this.#failed(error, attempt);
    }
  }

  async #fetchPages(): Promise<void> {
    for (let more = true; more && !this.#stopped; ) {
      const since = this.#owner.conversation().lastSeq;
      const { rows, upTo, next } = await this.#http.transcript(this.#sessionId, since);
      this.#owner.dispatch({ kind: 'page', since, rows, upTo });
      more = next !== undefined && this.#owner.conversation().lastSeq > since;
    }
  }

  #failed(error: unknown, attempt: number): void {
    if (error instanceof Refusal && error.status === 404) this.#owner.gone();
    // The socket can replay everything too; without either, try again.
    else if ((error instanceof Refusal && !error.passing) || this.#owner.connected()) this.#owner.loaded();
    else this.#retry = setTimeout(() => void this.fetch(attempt + 1), backoff(attempt));
  }

  /** Fetches the rows of which only a reference came. */
  fetchLarge(): void {
    for (const [seq, href] of this.#owner.conversation().large) {
      if (this.#fetching.has(seq)) continue;
      this.#fetching.add(seq);
      this.#fetchRow(seq, href).then(
        () => this.#fetching.delete(seq),
        // The reference stays, and is tried again with the next change or connect.
        () => setTimeout(() => this.#fetching.delete(seq), 2_000),
      );
    }
  }

  async #fetchRow(seq: number, href: string): Promise<void> {
    for (const row of await this.#http.large(href)) {
      if (row.seq === seq) this.#owner.dispatch({ kind: 'frame', frame: row });
    }
  }
}
