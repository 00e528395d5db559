import type { ErrorCode } from '../contracts/server-frames.ts';

const retryable: ReadonlySet<ErrorCode> = new Set(['rate_limited', 'unavailable', 'internal']);

/**
 * An expected failure that a caller can act on. `message` is written for people and shows no internals; the `cause` is
 * for the log.
 */
export class ChatError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ChatError';
    this.code = code;
  }

  /** True when the same request may succeed later. */
  get retryable(): boolean {
    return retryable.has(this.code);
  }
}
