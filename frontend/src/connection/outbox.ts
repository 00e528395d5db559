import { parseObject, textOf } from './read-fields.ts';

/** A question that the server has not confirmed. */
export interface Unsent {
  /** Empty while the session does not exist yet. */
  readonly session_id: string;
  readonly message_id: string;
  readonly message: string;
  /** ISO 8601. */
  readonly created_at: string;
  readonly replaces?: string;
}

const prefix = 'switchboard.outbox.';

/**
 * Questions on their way, kept in the browser until the server has them: they survive a reload. One key each, so that
 * tabs do not overwrite each other's. Where storage is refused or full they live as long as the page.
 */
export class Outbox {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  put(question: Unsent): void {
    try {
      this.#storage.setItem(prefix + question.message_id, JSON.stringify(question));
    } catch {
      // Full or refused: the page still sends it.
    }
  }

  drop(messageId: string): void {
    try {
      this.#storage.removeItem(prefix + messageId);
    } catch {
      // As above.
    }
  }

  /** What waits, in the order in which it was asked; of one session, or of all. */
  list(sessionId?: string): Unsent[] {
    const found: Unsent[] = [];
    for (let index = 0; index < this.#storage.length; index += 1) {
      const key = this.#storage.key(index);
      const question = key?.startsWith(prefix) ? readUnsent(this.#storage.getItem(key) ?? '') : undefined;
      if (question && (sessionId === undefined || question.session_id === sessionId)) found.push(question);
    }
    return found.sort((a, b) => a.created_at.localeCompare(b.created_at));
  }
}

function readUnsent(text: string): Unsent | undefined {
  const fields = parseObject(text);
  if (!fields) return undefined;
  const [session_id, message_id] = [textOf(fields, 'session_id'), textOf(fields, 'message_id')];
  const [message, created_at] = [textOf(fields, 'message'), textOf(fields, 'created_at')];
  if (session_id === undefined || !message_id || message === undefined || created_at === undefined) return undefined;
  const replaces = textOf(fields, 'replaces');
  return { session_id, message_id, message, created_at, ...(replaces !== undefined && { replaces }) };
}
