import { randomUUID } from 'node:crypto';
import { ChatClient } from '../../support/chat-client.ts';
import type { ChatSystem } from '../chat-system.ts';
import { type Meaning, type Speech, WebSocketLine } from './web-socket-line.ts';

const ends: Readonly<Record<string, Meaning['kind']>> = { assistant: 'end', failed: 'failed', cancelled: 'failed' };

const speech: Speech = {
  question(message) {
    const id = randomUUID();
    return { id, frame: JSON.stringify({ action: 'message', message_id: id, message }) };
  },
  meaning(text) {
    const frame = JSON.parse(text) as { type: string; in_reply_to?: string; message_id?: string };
    if (frame.type === 'delta') return { kind: 'piece', question: frame.in_reply_to };
    if (frame.type === 'error') return { kind: 'failed', question: frame.message_id };
    const kind = ends[frame.type];
    return kind === undefined ? { kind: 'other' } : ({ kind, question: frame.in_reply_to } as Meaning);
  },
};

/** Switchboard, in the name of one identity. */
export class Switchboard implements ChatSystem {
  readonly name = 'Switchboard';
  readonly client: ChatClient;

  constructor(url: string, token?: string) {
    this.client = new ChatClient(url, token);
  }

  async open(): Promise<WebSocketLine> {
    const { session_id } = await this.client.createSession();
    return await this.reopen(session_id);
  }

  /** A further socket of a session. */
  async reopen(sessionId: string): Promise<WebSocketLine> {
    const { token } = this.client;
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return await WebSocketLine.connect(sessionId, this.client.socketUrl(sessionId), speech, headers);
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}
