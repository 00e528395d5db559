import { type Conversation, hasGap } from '../state/conversation.ts';
import { timing } from './timing.ts';

/** What catching up needs: the conversation, and a way to ask. */
export interface CatchUpPort {
  conversation(): Conversation;
  /** Asks for a replay; false when there is no connection. */
  resume(since: number): boolean;
}

/** Sees to it that nothing stays missing: asks for a replay at every connect, for holes that last, and again until it came. */
export class CatchUp {
  readonly #port: CatchUpPort;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #grace: ReturnType<typeof setTimeout> | undefined;
  #stall: ReturnType<typeof setTimeout> | undefined;
  /** Replays asked for since something last came. */
  #rounds = 0;
  #seen = 0;

  constructor(port: CatchUpPort) {
    this.#port = port;
  }

  /** True while a replay is awaited. */
  get waiting(): boolean {
    return this.#deadline !== undefined;
  }

  /** Asks for everything after what has come. */
  ask(): void {
    this.stop();
    if (!this.#port.resume(this.#port.conversation().lastSeq)) return;
    const patience = Math.min(timing.replayWithin * 2 ** this.#rounds, 8 * timing.replayWithin);
    this.#rounds += 1;
    this.#deadline = setTimeout(() => this.ask(), patience);
  }

  /** The replay that was asked for is complete. */
  replayed(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    if (!hasGap(this.#port.conversation())) this.#rounds = 0;
    this.check();
  }

  /** Looks for holes, after each change. */
  check(): void {
    const conversation = this.#port.conversation();
    if (conversation.lastSeq > this.#seen) {
      this.#seen = conversation.lastSeq;
      this.#rounds = 0;
      this.#clearGrace();
    }
    if (this.waiting) return;
    if (!isMissing(conversation)) this.#clearGrace();
    else this.#grace ??= setTimeout(() => this.#mend(), Math.min(timing.gapGrace * 2 ** this.#rounds, 15_000));
    this.#watchStall(conversation);
  }

  /** Stops asking: the connection is gone. */
  stop(): void {
    clearTimeout(this.#deadline);
    clearTimeout(this.#stall);
    this.#deadline = undefined;
    this.#stall = undefined;
    this.#clearGrace();
  }

  #mend(): void {
    this.#grace = undefined;
    if (isMissing(this.#port.conversation()) && !this.waiting) this.ask();
  }

  #clearGrace(): void {
    clearTimeout(this.#grace);
    this.#grace = undefined;
  }

  /** A running answer that lost a piece goes on from what the server sends to one who resumes. */
  #watchStall(conversation: Conversation): void {
    const stalled = stalledAt(conversation);
    if (stalled === undefined || this.#stall !== undefined) return;
    this.#stall = setTimeout(() => {
      this.#stall = undefined;
      if (stalledAt(this.#port.conversation()) === stalled && !this.waiting) this.ask();
    }, timing.stall);
  }
}

/** A hole that only a replay can fill: what is fetched by reference is on its way. */
function isMissing(conversation: Conversation): boolean {
  return hasGap(conversation) && !conversation.large.has(conversation.lastSeq + 1);
}

function stalledAt(conversation: Conversation): string | undefined {
  for (const [id, live] of conversation.live) if (live.early.size > 0) return `${id} ${live.attempt} ${live.next}`;
  return undefined;
}
