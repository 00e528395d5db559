import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { ChatLine, ChatSystem } from '../chat-system.ts';
import { type Meaning, type Speech, WebSocketLine } from './web-socket-line.ts';

/** What tells a frame apart: the value of one of its fields. */
const mark = z.object({ field: z.string(), equals: z.string() });

/** How another chat system is spoken to; a file for `npm run bench -- --system`. */
const description = z.object({
  name: z.string(),
  /** Makes a session: a request, and the field of its answer that has the id. */
  session: z.object({ method: z.string(), url: z.string(), body: z.optional(z.unknown()), idField: z.string() }),
  /** `{session}` stands for the id. */
  socket: z.string(),
  /** The frame that asks; `{text}` and `{id}` stand for the question and a new UUID, as JSON strings without quotes. */
  question: z.string(),
  answer: mark,
  failure: z.optional(mark),
  /** Of streamed pieces; without it the system does not stream. */
  piece: z.optional(mark),
  /** The field by which frames name the question's id; without it the oldest open question is meant. */
  inReplyTo: z.optional(z.string()),
  headers: z.optional(z.record(z.string(), z.string())),
  /** Port at which the system expects its model: the stub listens there. */
  modelPort: z.optional(z.number()),
  /** Processes whose CPU and memory count as the system's. */
  pids: z.optional(z.array(z.number())),
});
export type Description = z.infer<typeof description>;

export function parseDescription(text: string): Description {
  return description.parse(JSON.parse(text));
}

/** Any chat system that makes sessions over HTTP and answers over a WebSocket, by its description. */
export class DescribedSystem implements ChatSystem {
  readonly name: string;
  readonly #of: Description;
  readonly #speech: Speech;

  constructor(of: Description) {
    this.name = of.name;
    this.#of = of;
    this.#speech = { question: (text) => questionOf(of, text), meaning: (frame) => meaningOf(of, frame) };
  }

  async open(): Promise<ChatLine> {
    const { session, socket, headers = {} } = this.#of;
    const response = await fetch(session.url, {
      method: session.method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(session.body === undefined ? {} : { body: JSON.stringify(session.body) }),
    });
    const id = String(((await response.json()) as Record<string, unknown>)[session.idField]);
    return await WebSocketLine.connect(id, socket.replace('{session}', id), this.#speech, headers);
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}

function questionOf({ question }: Description, text: string): { frame: string; id: string } {
  const id = randomUUID();
  const plain = JSON.stringify(text).slice(1, -1);
  return { id, frame: question.replace('{text}', () => plain).replace('{id}', id) };
}

function meaningOf({ answer, failure, piece, inReplyTo }: Description, text: string): Meaning {
  const frame = fieldsOf(text);
  const question = inReplyTo === undefined ? undefined : (frame[inReplyTo] as string | undefined);
  const is = (wanted?: { field: string; equals: string }): boolean =>
    wanted !== undefined && frame[wanted.field] === wanted.equals;
  if (is(answer)) return { kind: 'end', question };
  if (is(failure)) return { kind: 'failed', question };
  return is(piece) ? { kind: 'piece', question } : { kind: 'other' };
}

function fieldsOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
