import { once } from 'node:events';
import { type RawData, WebSocket } from 'ws';
import type { Answered, ChatLine } from '../chat-system.ts';

/** What a frame from the server means for the line's questions. */
export type Meaning =
  | { readonly kind: 'piece' | 'end' | 'failed'; readonly question?: string | undefined }
  | { readonly kind: 'other' };

/** How a system speaks over its socket. */
export interface Speech {
  /** The frame that asks a question, and the id by which later frames name it; none where frames name nothing. */
  question(text: string): { readonly frame: string; readonly id?: string };
  meaning(frame: string): Meaning;
}

interface Open {
  readonly id: string | undefined;
  firstAt: number | undefined;
  readonly resolve: (answered: Answered) => void;
}

/** A line over one socket. Frames that name no question belong to the oldest open one. */
export class WebSocketLine implements ChatLine {
  readonly id: string;
  readonly #socket: WebSocket;
  readonly #speech: Speech;
  readonly #open: Open[] = [];

  private constructor(id: string, socket: WebSocket, speech: Speech) {
    this.id = id;
    this.#socket = socket;
    this.#speech = speech;
    socket.on('message', (data: RawData) => this.#take(String(data)));
    socket.on('error', () => undefined);
  }

  static async connect(
    id: string,
    url: string,
    speech: Speech,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<WebSocketLine> {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false });
    const line = new WebSocketLine(id, socket, speech);
    await once(socket, 'open');
    return line;
  }

  async ask(text: string, patienceMs = 60_000): Promise<Answered> {
    const { frame, id } = this.#speech.question(text);
    const { promise, resolve, reject } = Promise.withResolvers<Answered>();
    const open: Open = { id, firstAt: undefined, resolve };
    this.#open.push(open);
    const timer = setTimeout(() => reject(new Error(`no end of ${text} within ${patienceMs} ms`)), patienceMs);
    this.#socket.send(frame);
    return await promise.finally(() => {
      clearTimeout(timer);
      const at = this.#open.indexOf(open);
      if (at >= 0) this.#open.splice(at, 1);
    });
  }

  /** Cuts the line without a word. */
  drop(): void {
    this.#socket.terminate();
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  #take(frame: string): void {
    const at = performance.now();
    const meaning = this.#speech.meaning(frame);
    if (meaning.kind === 'other') return;
    const { question } = meaning;
    const open = this.#open.find(({ id }) => question === undefined || id === undefined || id === question);
    if (!open) return;
    open.firstAt ??= meaning.kind === 'piece' ? at : undefined;
    if (meaning.kind !== 'piece') open.resolve({ firstAt: open.firstAt, endAt: at, ok: meaning.kind === 'end' });
  }
}
