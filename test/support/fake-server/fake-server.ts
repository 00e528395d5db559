import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import { encodeFrame } from './encode.ts';
import { type FaultSettings, noFaults, seeded } from './faults.ts';
import { route } from './http-routes.ts';
import { canned, type Script } from './model.ts';
import { FakeSession, type Fields } from './session.ts';

export interface FakeServerOptions {
  /** Folder of the built page. */
  readonly site?: string;
  readonly port?: number;
  readonly answer?: (question: string) => Script;
  readonly demo?: boolean;
  readonly seed?: number;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** As the distribution sends it with the page. */
const policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:";

/** A server in memory that speaks the contract's HTTP and WebSocket protocol and serves the page; faults on request. */
export class FakeServer {
  readonly sessions = new Map<string, FakeSession>();
  readonly faults: FaultSettings = { ...noFaults };
  /** Frames that pages have sent, as they came. */
  readonly received: Fields[] = [];
  /** HTTP calls that pages have made. */
  readonly called: string[] = [];
  url = '';
  readonly #options: FakeServerOptions;
  readonly #random: () => number;
  readonly #sockets = new Map<WebSocket, FakeSession>();
  readonly #http = createServer((request, response) => void this.#handle(request, response));
  readonly #ws = new WebSocketServer({ noServer: true });

  constructor(options: FakeServerOptions = {}) {
    this.#options = options;
    this.#random = seeded(options.seed ?? 1);
    this.#http.on('upgrade', (request, socket, head) => {
      const session = this.sessions.get(/^\/ws\/([\w-]+)$/.exec(request.url ?? '')?.[1] ?? '');
      if (this.faults.down || !session) return socket.destroy();
      this.#ws.handleUpgrade(request, socket, head, (opened) => this.#connected(opened, session));
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#http.listen(this.#options.port ?? 0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    for (const session of this.sessions.values()) session.end();
    this.cut();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  create(): FakeSession {
    const answer = this.#options.answer ?? canned;
    const session: FakeSession = new FakeSession((frame) => this.broadcast(session, frame), answer);
    this.sessions.set(session.session_id, session);
    return session;
  }

  broadcast(session: FakeSession, frame: Fields): void {
    for (const [socket, owner] of this.#sockets) if (owner === session) this.#send(socket, frame);
  }

  /** Cuts all connections without a word. */
  cut(): void {
    for (const socket of this.#sockets.keys()) socket.terminate();
  }

  /** Number of open sockets. */
  get connections(): number {
    return this.#sockets.size;
  }

  #connected(socket: WebSocket, session: FakeSession): void {
    this.#sockets.set(socket, session);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('message', (data) => {
      if (this.#random() < this.faults.loseIncoming) return;
      const frame = JSON.parse(String(data)) as Fields;
      this.received.push(frame);
      const reply = this.#act(session, frame, (sent) => this.#send(socket, sent));
      if (reply) this.#send(socket, reply);
    });
  }

  #act(session: FakeSession, frame: Fields, send: (frame: Fields) => void): Fields | undefined {
    const id = String(frame.message_id);
    switch (frame.action) {
      case 'ping':
        return { type: 'pong' };
      case 'resume':
        return void session.replay(Number(frame.since), send);
      case 'message':
        return session.accept(
          id,
          String(frame.message),
          frame.replaces === undefined ? undefined : String(frame.replaces),
        );
      case 'cancel':
        return void session.cancel(id);
      case 'regenerate':
        return session.regenerate(id);
      default:
        return { type: 'error', code: 'invalid_request', message: 'Unknown action.' };
    }
  }

  #send(socket: WebSocket, frame: Fields): void {
    for (const text of encodeFrame(frame)) {
      if (!this.faults.passes(frame) || this.#random() < this.faults.lose) continue;
      const copies = this.#random() < this.faults.duplicate ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        if (this.#random() >= this.faults.delay) socket.send(text);
        else setTimeout(() => socket.send(text), this.#random() * this.faults.delayMs);
      }
    }
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.faults.down) return void request.socket.destroy();
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (!url.pathname.startsWith('/api/')) return this.#serve(url.pathname, response);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString()) as Fields) : {};
    this.called.push(`${request.method} ${url.pathname}`);
    const state = {
      sessions: this.sessions,
      create: () => this.create(),
      remove: (session: FakeSession) => this.#remove(session),
      demo: this.#options.demo ?? true,
    };
    const answer = route(state, request.method ?? 'GET', url, body);
    const type = answer.status >= 400 ? 'application/problem+json' : 'application/json';
    response.writeHead(answer.status, answer.body ? { 'content-type': type } : {});
    response.end(answer.body && JSON.stringify(answer.body));
  }

  #remove(session: FakeSession): void {
    this.broadcast(session, { type: 'session_deleted', session_id: session.session_id });
    session.end();
    this.sessions.delete(session.session_id);
    for (const [socket, owner] of this.#sockets) if (owner === session) socket.close(1000);
  }

  async #serve(path: string, response: ServerResponse): Promise<void> {
    const file = extname(path) === '' ? '/index.html' : normalize(path);
    try {
      const content = await readFile(join(this.#options.site ?? '', file));
      const type = types[extname(file)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, 'content-security-policy': policy });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  }
}
