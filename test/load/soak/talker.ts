import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChatClient } from '../../support/chat-client.ts';
import type { ChatSocket } from '../../support/chat-socket.ts';
import { type DurableFrame, isEnd } from '../../support/frames.ts';

/** Longer than any lease and two sweeps: what has no end by then is lost. */
const answerWithinMs = 300_000;

/** One person with one socket, who asks now and then, loses the line now and then, and comes back. */
export class Talker {
  readonly #url: string;
  #client: ChatClient;
  #sessionId = '';
  #socket: ChatSocket | undefined;
  /** Everything durable that was seen, over all sockets. */
  readonly seen: DurableFrame[] = [];
  readonly accepted: string[] = [];
  drops = 0;

  constructor(url: string) {
    this.#url = url;
    this.#client = new ChatClient(url);
  }

  async begin(): Promise<void> {
    const { session_id, token } = await this.#client.createSession();
    this.#client = new ChatClient(this.#url, token);
    this.#sessionId = session_id;
    await this.#connected();
  }

  /**
   * Asks, and waits for the answer. With `drop` the line is cut right after the question was accepted.
   * @returns milliseconds from the question to its end
   */
  async ask(drop: boolean): Promise<number> {
    const id = randomUUID();
    const since = performance.now();
    await this.#send(id);
    if (drop) this.#drop();
    const socket = await this.#connected();
    await socket.end(id, answerWithinMs);
    return performance.now() - since;
  }

  /** Compares what came live with the log: a last look from the beginning. */
  async end(): Promise<void> {
    const socket = await this.#connected();
    await socket.resume(0);
    const asked = new Set(this.accepted);
    const ended = new Set(this.seen.filter(isEnd).map(({ in_reply_to }) => in_reply_to));
    if ([...asked].some((id) => !ended.has(id))) await socket.resume(0);
    await socket.close();
  }

  /** Sends until it is accepted, over however many sockets, always under the same id. */
  async #send(id: string): Promise<void> {
    for (;;) {
      try {
        const socket = await this.#connected();
        await socket.send(`soak ${id}`, id);
        this.accepted.push(id);
        return;
      } catch {
        this.#drop();
        await sleep(200);
      }
    }
  }

  #drop(): void {
    this.drops += 1;
    this.#socket?.drop();
    this.#socket = undefined;
  }

  async #connected(): Promise<ChatSocket> {
    if (this.#socket) return this.#socket;
    const socket = await this.#client.connect(this.#sessionId, this.seen);
    this.#socket = socket;
    return socket;
  }
}
