import { setTimeout as delay } from 'node:timers/promises';
import { ChatClient } from '../../support/chat-client.ts';
import type { ChatSocket } from '../../support/chat-socket.ts';
import type { DurableFrame } from '../../support/frames.ts';
import { isEnd } from '../../support/frames.ts';
import type { Random } from '../../support/random.ts';

/** How often somebody who waits asks for what they may have missed. */
const lookEveryMs = 1_500;

/** Somebody who talks in one session, over a line that breaks, until everything is answered. */
export class Actor {
  readonly session_id: string;
  readonly token: string;
  /** Everything durable that was seen, over all sockets. */
  readonly seen: DurableFrame[] = [];
  readonly accepted: string[] = [];
  reconnects = 0;
  #socket: ChatSocket | undefined;
  #caughtUpAt = 0;
  readonly #random: Random;
  readonly #url: () => string;

  constructor(session: { session_id: string; token: string }, random: Random, url: () => string) {
    this.session_id = session.session_id;
    this.token = session.token;
    this.#random = random;
    this.#url = url;
  }

  /** Says everything, now and then several things at once, and waits until all of it has ended. */
  async talk(messages: readonly { readonly id: string; readonly text: string }[], until: number): Promise<void> {
    const pending = [...messages];
    while (pending.length > 0) {
      const burst = pending.splice(0, 1 + this.#random.below(3));
      await Promise.all(burst.map(async ({ id, text }) => this.#say(id, text, until)));
      if (this.#random.chance(0.3)) await delay(this.#random.below(200));
    }
    while (!this.#allEnded()) {
      if (Date.now() > until) return;
      // Ends are pushed; only what was lost on the way has to be asked for.
      if (!this.#socket || performance.now() - this.#caughtUpAt > lookEveryMs) await this.#catchUp();
      await delay(50);
    }
    // What was delivered live is compared with the log: a last look from the beginning.
    await this.#catchUp(0);
  }

  /** Cuts the line. */
  drop(): void {
    this.#socket?.drop();
    this.#socket = undefined;
  }

  /** Sends until it is accepted: after a broken line with the same id. */
  async #say(id: string, text: string, until: number): Promise<void> {
    while (Date.now() < until) {
      try {
        const sent = this.#random.chance(0.1)
          ? this.#post(id, text)
          : this.#connected().then((it) => it.send(text, id));
        await Promise.race([sent, refuseAfter(6_000)]);
        this.accepted.push(id);
        return;
      } catch {
        await delay(50 + this.#random.below(150));
      }
    }
  }

  /** Sends without a socket. */
  async #post(id: string, text: string): Promise<void> {
    const { status } = await new ChatClient(this.#url(), this.token).post(this.session_id, text, id);
    if (status !== 202) throw new Error(`status ${status}`);
  }

  async #catchUp(since?: number): Promise<void> {
    try {
      const socket = await this.#connected();
      await Promise.race([socket.resume(since ?? this.#contiguous()), refuseAfter(6_000)]);
      this.#caughtUpAt = performance.now();
    } catch {
      this.drop();
    }
  }

  async #connected(): Promise<ChatSocket> {
    if (this.#socket) return this.#socket;
    this.reconnects += 1;
    const client = new ChatClient(this.#url(), this.token);
    const socket = await client.connect(this.session_id, this.seen);
    void socket.closed().then(
      () => this.#forget(socket),
      () => undefined,
    );
    this.#socket = socket;
    return socket;
  }

  #forget(socket: ChatSocket): void {
    if (this.#socket === socket) this.#socket = undefined;
  }

  #allEnded(): boolean {
    const ended = new Set(this.seen.filter(isEnd).map(({ in_reply_to }) => in_reply_to));
    return this.accepted.every((id) => ended.has(id));
  }

  /** The `seq` up to which nothing is missing. */
  #contiguous(): number {
    const seqs = new Set(this.seen.map(({ seq }) => seq));
    let last = 0;
    while (seqs.has(last + 1)) last += 1;
    return last;
  }
}

async function refuseAfter(ms: number): Promise<never> {
  await delay(ms, undefined, { ref: false });
  throw new Error(`no reply within ${ms} ms`);
}
