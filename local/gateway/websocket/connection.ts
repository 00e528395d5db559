import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { ConnectionFacts } from './event.ts';
import { createFrameLengths } from './frame-lengths.ts';
import type { WebSocketLimits } from './limits.ts';

export interface ConnectionOptions {
  readonly facts: ConnectionFacts;
  readonly socket: WebSocket;
  /** The stream below the WebSocket, to see the frames. */
  readonly stream: Duplex;
  readonly limits: WebSocketLimits;
  readonly onMessage: (body: string) => void;
  readonly onClose: (code: number, reason: string) => void;
}

/** An open socket with the limits of API Gateway: frame and message size, no binary frames, idle time, life time. */
export class Connection {
  readonly facts: ConnectionFacts;
  /** Epoch milliseconds of the last traffic in either direction. */
  lastActiveAt = Date.now();
  readonly #socket: WebSocket;
  readonly #limits: WebSocketLimits;
  readonly #life: NodeJS.Timeout;
  #idle: NodeJS.Timeout;
  #closing = false;

  constructor({ facts, socket, stream, limits, onMessage, onClose }: ConnectionOptions) {
    this.facts = facts;
    this.#socket = socket;
    this.#limits = limits;
    this.#life = setTimeout(() => this.close(1001, 'Going away'), limits.lifeMs);
    this.#idle = this.#idleTimer();
    const frames = createFrameLengths(limits.frameBytes);
    stream.prependListener('data', (chunk: Buffer) => {
      if (!this.#closing && frames(chunk)) this.close(1009, 'Message too long');
    });
    socket.on('message', (data: Buffer, binary) => {
      if (this.#closing) return;
      this.#touch();
      if (binary) this.close(1003, 'Binary is not supported');
      else onMessage(data.toString('utf8'));
    });
    socket.on('ping', () => this.#touch());
    socket.on('pong', () => this.#touch());
    // Without a listener a protocol error of the client would end the runtime; the close that follows says enough.
    socket.on('error', () => undefined);
    socket.on('close', (code, reason) => {
      this.#closing = true;
      clearTimeout(this.#life);
      clearTimeout(this.#idle);
      onClose(code, reason.toString('utf8'));
    });
  }

  get open(): boolean {
    return !this.#closing && this.#socket.readyState === this.#socket.OPEN;
  }

  /** Whether the client reads too slowly for anything more. */
  get full(): boolean {
    return this.#socket.bufferedAmount > this.#limits.bufferBytes;
  }

  /** Sends one text message, in frames of the size that API Gateway allows. */
  send(data: Buffer): void {
    if (!this.open) return;
    this.#touch();
    const { frameBytes } = this.#limits;
    for (let at = 0; at === 0 || at < data.length; at += frameBytes) {
      this.#socket.send(data.subarray(at, at + frameBytes), { binary: false, fin: at + frameBytes >= data.length });
    }
  }

  close(code: number, reason: string): void {
    this.#closing = true;
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#closing = true;
    this.#socket.terminate();
  }

  #touch(): void {
    this.lastActiveAt = Date.now();
    clearTimeout(this.#idle);
    this.#idle = this.#idleTimer();
  }

  #idleTimer(): NodeJS.Timeout {
    return setTimeout(() => this.close(1001, 'Going away'), this.#limits.idleMs);
  }
}
