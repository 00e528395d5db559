import type { Conversation, Pending } from '../state/conversation.ts';
import type { ChatEvent } from '../state/reduce.ts';
import type { ClientFrame, ErrorFrame } from './frames.ts';
import { type Question, Refusal } from './http.ts';
import { backoff, timing } from './timing.ts';

/** What sending needs of the conversation it sends for. */
export interface CourierPort {
  conversation(): Conversation;
  dispatch(event: ChatEvent): void;
  /** Sends over the socket; false when there is no connection. */
  send(frame: ClientFrame): boolean;
  /** Sends over HTTP. @returns the question's `seq` */
  post(question: Question): Promise<number>;
  connected(): boolean;
}

/** Bytes of JSON above which a question goes over HTTP: a frame may have 32 KiB. */
const mostInFrame = 30_000;

const final = new Set(['invalid_request', 'too_large', 'conflict', 'not_found', 'forbidden', 'unauthorized']);

/**
 * Sends the outbox, one question at a time so that order holds, each again until the server has accepted or refused it:
 * the message id makes it count once.
 */
export class Courier {
  readonly #port: CourierPort;
  #current: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;

  constructor(port: CourierPort) {
    this.#port = port;
  }

  /** Sends the next question if none is under way. */
  check(): void {
    const { outbox } = this.#port.conversation();
    const current = outbox.find(({ message_id }) => message_id === this.#current);
    if (current?.state === 'sent') return;
    if (this.#current !== undefined && current?.state !== 'waiting') this.#done();
    if (this.#timer !== undefined || !this.#port.connected()) return;
    const next = outbox.find(({ state }) => state === 'waiting');
    if (next) this.#send(next);
  }

  /** The connection is gone: what was under way is sent again with the next. */
  stop(): void {
    const current = this.#current;
    this.#done();
    if (current !== undefined) this.#port.dispatch({ kind: 'unsent', message_id: current });
  }

  /** Takes an error of the server if it is about the question under way. */
  take(error: ErrorFrame): boolean {
    const { outbox } = this.#port.conversation();
    const item = outbox.find(({ message_id }) => message_id === error.message_id);
    if (!item || error.message_id === undefined) return false;
    this.#failed(item.message_id, error.code, error.message);
    return true;
  }

  /** API Gateway could not have the question handled. */
  stumble(): void {
    if (this.#current !== undefined) this.#failed(this.#current, 'unavailable', '');
  }

  #send({ message_id, message, replaces }: Pending): void {
    const question = { message_id, message, ...(replaces !== undefined && { replaces }) };
    const frame: ClientFrame = { action: 'message', ...question };
    this.#current = message_id;
    const fits = new TextEncoder().encode(JSON.stringify(frame)).length <= mostInFrame;
    if (fits && !this.#port.send(frame)) {
      this.#done();
      return;
    }
    if (!fits) this.#post(question);
    this.#timer = setTimeout(
      () => this.#again(message_id),
      Math.min(timing.acceptWithin * 2 ** this.#tries, timing.backoffMost),
    );
    this.#tries += 1;
    this.#port.dispatch({ kind: 'sent', message_id });
  }

  #post(question: Question): void {
    const { message_id } = question;
    this.#port.post(question).then(
      (seq) => this.#port.dispatch({ kind: 'frame', frame: { type: 'accepted', message_id, seq, status: 'accepted' } }),
      (error: unknown) =>
        error instanceof Refusal
          ? this.#failed(message_id, error.code, error.message)
          : this.#failed(message_id, 'unavailable', ''),
    );
  }

  #failed(messageId: string, code: string, reason: string): void {
    if (final.has(code)) {
      this.#done();
      this.#port.dispatch({ kind: 'rejected', message_id: messageId, code, reason });
    } else if (messageId === this.#current) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#again(messageId), backoff(this.#tries + 1));
    }
  }

  #again(messageId: string): void {
    this.#timer = undefined;
    this.#port.dispatch({ kind: 'unsent', message_id: messageId });
  }

  #done(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#current = undefined;
    this.#tries = 0;
  }
}
