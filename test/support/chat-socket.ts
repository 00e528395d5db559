import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { RawData, WebSocket } from 'ws';
import { type AcceptedFrame, type DurableFrame, type ErrorFrame, type Frame, isDurable, isEnd } from './frames.ts';
import { within } from './within.ts';

const answerWithinMs = 20_000;

/** One socket of a session. Keeps every frame, and every durable one in `seen`, which outlives the socket. */
export class ChatSocket {
  readonly frames: Frame[] = [];
  readonly seen: DurableFrame[];
  readonly #socket: WebSocket;
  readonly #parts = new Map<number, string[]>();
  readonly #waiting = new Set<{ wanted: (frame: Frame) => boolean; resolve: (frame: Frame) => void }>();

  private constructor(socket: WebSocket, seen: DurableFrame[]) {
    this.#socket = socket;
    this.seen = seen;
    socket.on('message', (data: RawData) => this.#take(JSON.parse(String(data)) as Frame));
  }

  /** Waits for the handshake; with `seen`, also for the replay of what came since. */
  static async opened(socket: WebSocket, seen?: DurableFrame[]): Promise<ChatSocket> {
    const chat = new ChatSocket(socket, seen ?? []);
    await within(10_000, 'the handshake did not end', once(socket, 'open'));
    if (seen) await chat.resume(chat.lastSeq);
    return chat;
  }

  get lastSeq(): number {
    return this.seen.reduce((last, { seq }) => Math.max(last, seq), 0);
  }

  /** Sends any text, or bytes. */
  raw(data: string | Uint8Array): void {
    this.#socket.send(data);
  }

  /** Sends one text in several frames, as browsers do with long ones. */
  rawFragments(text: string, size: number): void {
    for (let from = 0; from < text.length; from += size) {
      this.#socket.send(text.slice(from, from + size), { fin: from + size >= text.length });
    }
  }

  /** Sends a message and waits until it is accepted. Rejects with the server's words when it is refused. */
  async send(message: string, messageId: string = randomUUID()): Promise<AcceptedFrame> {
    const reply = this.next((frame) => isReplyTo(frame, messageId), `no reply to message ${messageId}`);
    this.raw(JSON.stringify({ action: 'message', message_id: messageId, message }));
    const frame = await reply;
    if (frame.type === 'accepted') return frame as AcceptedFrame;
    throw new Error(`refused: ${JSON.stringify(frame)}`);
  }

  /** Waits for what ends a message, which may have come already. */
  async end(messageId: string, withinMs = answerWithinMs): Promise<DurableFrame> {
    const ends = (frame: Frame) => isEnd(frame) && frame.in_reply_to === messageId;
    const seen = this.seen.find(ends);
    return seen ?? ((await this.next(ends, `message ${messageId} has no end`, withinMs)) as DurableFrame);
  }

  /** Sends a message and waits for its end. */
  async ask(message: string, withinMs?: number): Promise<DurableFrame> {
    const { message_id } = await this.send(message);
    return await this.end(message_id, withinMs);
  }

  /** Asks for all that came after `since`, and waits until the replay is complete. @returns its `up_to` */
  async resume(since: number): Promise<number> {
    const done = this.next(({ type }) => type === 'replayed', `no replay since ${since}`);
    this.raw(JSON.stringify({ action: 'resume', since }));
    return Number((await done).up_to);
  }

  /** Sends something wrong and waits for the server's `error`. */
  async provoke(data: string | Uint8Array): Promise<ErrorFrame> {
    const error = this.next(({ type }) => type === 'error', `no error for ${String(data).slice(0, 60)}`);
    this.raw(data);
    return (await error) as ErrorFrame;
  }

  /** The next frame that fits, of those that are still to come. */
  async next(wanted: (frame: Frame) => boolean, otherwise: string, withinMs = answerWithinMs): Promise<Frame> {
    const { promise, resolve } = Promise.withResolvers<Frame>();
    const waiter = { wanted, resolve };
    this.#waiting.add(waiter);
    const explain = () => {
      const last = this.frames.slice(-5).map((frame) => JSON.stringify(frame).slice(0, 300));
      return `${otherwise}; the last frames: ${last.join(' ')}`;
    };
    return await within(withinMs, explain, promise).finally(() => this.#waiting.delete(waiter));
  }

  /** Waits for the server to close it. @returns the close code */
  async closed(): Promise<number> {
    if (this.#socket.readyState === this.#socket.CLOSED) return Number.NaN;
    const [code] = (await within(10_000, 'the socket stays open', once(this.#socket, 'close'))) as [number];
    return code;
  }

  /** Resolves when it is closed, by whomever and however late. */
  async lost(): Promise<void> {
    if (this.#socket.readyState !== this.#socket.CLOSED) await once(this.#socket, 'close');
  }

  /** Closes it in good order. */
  async close(): Promise<void> {
    const closed = this.closed();
    this.#socket.close();
    await closed;
  }

  /** Cuts the line, as a lost network does. */
  drop(): void {
    this.#socket.terminate();
  }

  #take(frame: Frame): void {
    this.frames.push(frame);
    if (frame.type === 'part') this.#join(frame);
    if (isDurable(frame)) this.seen.push(frame);
    for (const waiter of this.#waiting) if (waiter.wanted(frame)) waiter.resolve(frame);
  }

  /** A durable event over the size of a frame comes in parts, which may overtake each other. */
  #join({ seq, part, of, data, replay }: Frame): void {
    const parts = this.#parts.get(Number(seq)) ?? [];
    parts[Number(part) - 1] = String(data);
    this.#parts.set(Number(seq), parts);
    if (parts.filter((text) => text !== undefined).length < Number(of)) return;
    this.#parts.delete(Number(seq));
    this.#take({ ...(JSON.parse(parts.join('')) as Frame), ...(replay === true && { replay }) });
  }
}

function isReplyTo(frame: Frame, messageId: string): boolean {
  return (frame.type === 'accepted' || frame.type === 'error') && frame.message_id === messageId;
}
