import { setTimeout as delay } from 'node:timers/promises';
import { ChatClient } from '../../support/chat-client.ts';
import type { DurableFrame } from '../../support/frames.ts';
import { isEnd } from '../../support/frames.ts';
import type { Actor } from './actor.ts';

/**
 * A second tab of somebody's session, on a line of its own that nobody cuts. It never asks for what it may have missed,
 * unless the product itself was started anew: what it lacks in the end was stored and never pushed.
 */
export class Listener {
  readonly #actor: Actor;
  readonly #url: () => string;
  readonly #seen: DurableFrame[] = [];
  #stopped = false;

  constructor(actor: Actor, url: () => string) {
    this.#actor = actor;
    this.#url = url;
    void this.#listen();
  }

  /** Ends that its owner knows of and it does not, once it had so many milliseconds for them to come. */
  async missing(withinMs: number): Promise<number> {
    for (const until = Date.now() + withinMs; ; await delay(100)) {
      const known = new Set(this.#seen.map(({ seq }) => seq));
      const ends = new Set(this.#actor.seen.filter(isEnd).map(({ seq }) => seq));
      const missing = [...ends].filter((seq) => !known.has(seq)).length;
      if (missing === 0 || Date.now() > until) return missing;
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  async #listen(): Promise<void> {
    const { session_id, token } = this.#actor;
    while (!this.#stopped) {
      try {
        const socket = await new ChatClient(this.#url(), token).connect(session_id, this.#seen);
        await socket.lost();
      } catch {
        await delay(100);
      }
    }
  }
}
