import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { ChatSocket } from './chat-socket.ts';
import type { DurableFrame } from './frames.ts';

/** The answer of `POST /api/sessions`. */
export interface SessionAnswer {
  readonly session_id: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly title: string;
  readonly last_seq: number;
  readonly token: string;
}

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** A program that talks to the product from outside, by HTTP and WebSocket, in the name of one identity. */
export class ChatClient {
  readonly url: string;
  token: string | undefined;

  constructor(url: string, token?: string) {
    this.url = url;
    this.token = token;
  }

  /** Makes a session; the first one brings the identity that later calls use. */
  async createSession(body: Readonly<Record<string, unknown>> = {}): Promise<SessionAnswer> {
    const answer = await this.call<SessionAnswer>('POST', '/api/sessions', body);
    if (answer.status !== 201) throw new Error(`POST /api/sessions: ${answer.status} ${JSON.stringify(answer.body)}`);
    this.token ??= answer.body.token;
    return answer.body;
  }

  /** One HTTP call; a string body is sent as it is, anything else as JSON. */
  async call<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: { 'content-type': 'application/json', ...this.#authorization() },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text ? parsed(text) : undefined) as T };
  }

  /** Sends by HTTP, without a socket. */
  async post(sessionId: string, message: string, messageId: string = randomUUID()) {
    const path = `/api/sessions/${sessionId}/messages`;
    return await this.call<{ message_id: string; seq: number }>('POST', path, { message, message_id: messageId });
  }

  /** The whole transcript by HTTP, page by page. */
  async transcript(sessionId: string, limit = 100): Promise<Record<string, unknown>[]> {
    const messages: Record<string, unknown>[] = [];
    for (let since: number | null = 0; since !== null; ) {
      const path = `/api/sessions/${sessionId}/messages?since=${since}&limit=${limit}`;
      const page: Answer<{ messages: Record<string, unknown>[]; next_since: number | null }> = await this.call(
        'GET',
        path,
      );
      if (page.status !== 200) throw new Error(`GET ${path}: ${page.status} ${JSON.stringify(page.body)}`);
      messages.push(...page.body.messages);
      since = page.body.next_since;
    }
    return messages;
  }

  /**
   * Opens a socket. `seen` is what this client already has of the session: a reconnect hands it on and catches up from
   * its last `seq`.
   */
  async connect(sessionId: string, seen?: DurableFrame[], headers: Record<string, string> = {}): Promise<ChatSocket> {
    const socket = new WebSocket(this.socketUrl(sessionId), { headers: { ...this.#authorization(), ...headers } });
    return await ChatSocket.opened(socket, seen);
  }

  /** The HTTP status with which a handshake is refused; undefined when it is accepted (and closed again). */
  async refusal(path: string, headers: Record<string, string> = {}): Promise<number | undefined> {
    const socket = new WebSocket(new URL(path, this.url.replace(/^http/, 'ws')), {
      headers: { ...this.#authorization(), ...headers },
    });
    return await new Promise((resolve, reject) => {
      socket.on('unexpected-response', (request, response) => {
        resolve(response.statusCode);
        request.destroy();
      });
      socket.on('open', () => {
        resolve(undefined);
        socket.close();
      });
      socket.on('error', reject);
    });
  }

  socketUrl(sessionId: string): string {
    return `${this.url.replace(/^http/, 'ws')}/ws/${sessionId}`;
  }

  #authorization(): Record<string, string> {
    return this.token ? { authorization: `Bearer ${this.token}` } : {};
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
