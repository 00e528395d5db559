import type { ClientFrame, Frame } from './frames.ts';
import { readFrame } from './read-frame.ts';
import { backoff, timing } from './timing.ts';

/** What the person is told of the connection. `at`: epoch milliseconds of the next attempt. */
export type LinkState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  | { readonly kind: 'waiting'; readonly at: number }
  | { readonly kind: 'closed' };

/** Who a socket works for. */
export interface SocketOwner {
  /** A connection is up, the first or a new one: what was missed can be asked for. */
  opened(): void;
  frame(frame: Frame): void;
  changed(state: LinkState): void;
  /** The handshake failed `times` times in a row: the session may be gone, or the server. */
  refused(times: number): void;
  /** True while something is expected from the server: a dead connection should be noticed soon. */
  expectant(): boolean;
}

/**
 * A WebSocket to one session that stays: it reconnects with jittered backoff, notices dead connections, and replaces
 * itself before API Gateway's limits and when the server says `goaway`. It knows nothing of messages.
 */
export class SessionSocket {
  readonly #url: string;
  readonly #owner: SocketOwner;
  #socket: WebSocket | undefined;
  #successor: WebSocket | undefined;
  #state: LinkState = { kind: 'connecting' };
  #attempts = 0;
  #heard = 0;
  /** Epoch milliseconds until which a ping is to be answered. */
  #pongBy: number | undefined;
  #replaceAt = Number.POSITIVE_INFINITY;
  #ticked = Date.now();
  #reconnect: ReturnType<typeof setTimeout> | undefined;
  readonly #ticker: ReturnType<typeof setInterval>;

  constructor(url: string, owner: SocketOwner) {
    this.#url = url;
    this.#owner = owner;
    this.#ticker = setInterval(() => this.#tick(), timing.tick);
    this.#connect();
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Sends a frame; false when there is no connection. */
  send(frame: ClientFrame): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Something suggests that the connection may have changed (online, visible again): connects now, or checks. */
  probe(): void {
    if (this.#state.kind === 'waiting') this.#connect();
    else if (this.#state.kind === 'open') this.#ping(timing.probeWithin);
  }

  /** Ends it for good. */
  close(): void {
    clearInterval(this.#ticker);
    clearTimeout(this.#reconnect);
    const sockets = [this.#socket, this.#successor];
    this.#socket = undefined;
    this.#successor = undefined;
    for (const socket of sockets) socket?.close(1000);
    this.#become({ kind: 'closed' });
  }

  #connect(): void {
    clearTimeout(this.#reconnect);
    this.#become({ kind: 'connecting' });
    const socket = this.#dial((opened) => {
      if (this.#socket !== socket) return;
      if (!opened) this.#owner.refused(this.#attempts + 1);
      this.#lost();
    });
    this.#socket = socket;
  }

  /** Opens a WebSocket. `lost` is called once, when it is closed or could not be opened. */
  #dial(lost: (opened: boolean) => void): WebSocket {
    const socket = new WebSocket(this.#url);
    let opened = false;
    const late = setTimeout(() => socket.close(), timing.openWithin);
    socket.addEventListener('open', () => {
      opened = true;
      clearTimeout(late);
      this.#opened(socket);
    });
    socket.addEventListener('message', ({ data }) => {
      if (socket === this.#socket && typeof data === 'string') this.#received(data);
    });
    socket.addEventListener('close', () => {
      clearTimeout(late);
      lost(opened);
    });
    return socket;
  }

  #opened(socket: WebSocket): void {
    if (socket === this.#successor) {
      const old = this.#socket;
      this.#socket = socket;
      this.#successor = undefined;
      old?.close(1000);
    }
    if (socket !== this.#socket) {
      socket.close(1000);
      return;
    }
    clearTimeout(this.#reconnect);
    this.#heard = Date.now();
    this.#pongBy = undefined;
    this.#replaceAt = Date.now() + timing.age - Math.random() * timing.ageJitter;
    this.#become({ kind: 'open' });
    this.#owner.opened();
  }

  #received(text: string): void {
    this.#heard = Date.now();
    this.#pongBy = undefined;
    // Only a frame shows that the connection works: one that opens and closes at once goes on backing off.
    this.#attempts = 0;
    const frame = readFrame(text);
    if (!frame) return;
    if (frame.type === 'goaway') this.#replace();
    this.#owner.frame(frame);
  }

  #retry(): void {
    const wait = backoff(this.#attempts++);
    this.#become({ kind: 'waiting', at: Date.now() + wait });
    this.#reconnect = setTimeout(() => this.#connect(), wait);
  }

  /** Opens the next connection before the present one is closed, so that nothing is missed. */
  #replace(): void {
    if (this.#successor || !this.#socket) return;
    this.#replaceAt = Date.now() + timing.replaceAgain;
    const successor = this.#dial(() => {
      if (this.#successor === successor) this.#successor = undefined;
      else if (this.#socket === successor) this.#lost();
    });
    this.#successor = successor;
  }

  #lost(): void {
    this.#socket = this.#successor;
    this.#successor = undefined;
    if (this.#socket) this.#become({ kind: 'connecting' });
    else if (this.#state.kind !== 'closed') this.#retry();
  }

  #tick(): void {
    const now = Date.now();
    const slept = now - this.#ticked > timing.slept;
    this.#ticked = now;
    if (this.#state.kind !== 'open') {
      if (slept) this.probe();
      return;
    }
    if (this.#pongBy !== undefined) {
      if (now >= this.#pongBy) this.#abandon();
      return;
    }
    const limit = this.#owner.expectant() ? timing.quietWhileWaiting : timing.quiet;
    if (slept || now - this.#heard > limit) this.#ping(slept ? timing.probeWithin : timing.pongWithin);
    if (now > this.#replaceAt) this.#replace();
  }

  #ping(within: number): void {
    this.#pongBy = Math.min(this.#pongBy ?? Number.POSITIVE_INFINITY, Date.now() + within);
    if (!this.send({ action: 'ping' })) this.#abandon();
    else setTimeout(() => this.#pongBy !== undefined && this.#tick(), within);
  }

  /** Leaves a dead connection without waiting for its end: a close handshake with nobody takes long. */
  #abandon(): void {
    const dead = this.#socket;
    this.#socket = undefined;
    this.#pongBy = undefined;
    dead?.close();
    this.#connect();
  }

  #become(state: LinkState): void {
    if (this.#state.kind === 'closed' || (this.#state.kind === 'connecting' && state.kind === 'connecting')) return;
    this.#state = state;
    this.#owner.changed(state);
  }
}
