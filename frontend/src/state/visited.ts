import type { Conversation } from './conversation.ts';

/** Conversations kept for coming back to them. */
const most = 20;

/** Conversations that were open earlier: coming back to one shows it at once. */
export class Visited {
  readonly #known = new Map<string, Conversation>();

  get(sessionId: string): Conversation | undefined {
    return this.#known.get(sessionId);
  }

  forget(sessionId: string): void {
    this.#known.delete(sessionId);
  }

  keep(sessionId: string, conversation: Conversation): void {
    this.#known.delete(sessionId);
    this.#known.set(sessionId, settled(conversation));
    const [oldest] = this.#known.keys();
    if (this.#known.size > most && oldest !== undefined) this.#known.delete(oldest);
  }
}

/** A conversation without what was only true while it was open. */
function settled(conversation: Conversation): Conversation {
  return {
    ...conversation,
    live: new Map(),
    status: new Map(),
    again: new Set(),
    parts: new Map(),
    large: new Map(),
    outbox: conversation.outbox.filter(({ state }) => state === 'rejected'),
    knownSeq: conversation.lastSeq,
    held: new Map(),
  };
}
