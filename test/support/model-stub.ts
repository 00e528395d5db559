import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** One call of the model, as it came over HTTP. */
export interface ModelCall {
  /** What the model is told: system prompt, history, question. */
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  /** The last message of the user. */
  readonly question: string;
  readonly model: string;
  readonly stream: boolean;
  readonly authorization: string | undefined;
  /** How the exchange ended: the answer was sent to its end, we cut it, or the client went away before. */
  readonly end: Promise<'answered' | 'cut' | 'abandoned'>;
}

/** How the model answers one call. */
export type ModelReply =
  /**
   * `delayMs` passes before the first word, `wordMs` before each further one of a streamed answer; its second half waits
   * for `hold`.
   */
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly delayMs?: number;
      readonly wordMs?: number;
      readonly hold?: Promise<void>;
    }
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** 200 with a body that is no completion. */
  | { readonly kind: 'garbage'; readonly body: string }
  /** Takes the call and never answers. */
  | { readonly kind: 'silence' }
  /** Streams some words, then says nothing more and keeps the line. */
  | { readonly kind: 'stall'; readonly text: string }
  /** Begins to answer, then cuts the line. */
  | { readonly kind: 'half'; readonly text: string };

/** An OpenAI-compatible server on loopback whose every answer the test decides. */
export interface ModelStub {
  /** Settings that make the product use it. */
  readonly env: Readonly<Record<string, string>>;
  readonly calls: readonly ModelCall[];
  reply: (call: ModelCall) => ModelReply | Promise<ModelReply>;
  close(): Promise<void>;
}

export const echo: ModelStub['reply'] = ({ question }) => ({ kind: 'text', text: `echo: ${question}` });

/** It echoes by default. */
export async function startModelStub(): Promise<ModelStub> {
  const calls: ModelCall[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const stub: ModelStub = {
    env: { OPENAI_API_KEY: 'test', OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`, OPENAI_MODEL: 'stub' },
    calls,
    reply: echo,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return stub;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const end = Promise.withResolvers<'answered' | 'cut' | 'abandoned'>();
    const call = callOf(JSON.parse(await bodyOf(request)), request.headers.authorization, end.promise);
    calls.push(call);
    response.on('finish', () => end.resolve('answered'));
    response.on('close', () => setImmediate(() => end.resolve('abandoned')));
    const reply = await stub.reply(call);
    if (reply.kind === 'half') end.resolve('cut');
    await give(response, call, reply);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  return body;
}

function callOf(
  body: { messages: ModelCall['messages']; model: string; stream?: boolean },
  authorization: string | undefined,
  end: ModelCall['end'],
): ModelCall {
  const question = body.messages.findLast(({ role }) => role === 'user')?.content ?? '';
  return { messages: body.messages, question, model: body.model, stream: body.stream === true, authorization, end };
}

async function give(response: ServerResponse, call: ModelCall, reply: ModelReply): Promise<void> {
  switch (reply.kind) {
    case 'silence':
      return;
    case 'status': {
      const error = { error: { message: `stub says ${reply.status}`, type: 'stub', code: null } };
      response
        .writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
        .end(JSON.stringify(error));
      return;
    }
    case 'garbage':
      response.writeHead(200, { 'content-type': 'application/json' }).end(reply.body);
      return;
    case 'half':
      response.writeHead(200, { 'content-type': call.stream ? 'text/event-stream' : 'application/json' });
      response.write(call.stream ? chunk(call, { content: reply.text }) : '{"id":"half","choices":[');
      await delay(20);
      response.destroy();
      return;
    case 'stall':
      if (call.stream) writeWords(response, call, reply.text);
      return;
    case 'text':
      if (reply.delayMs) await delay(reply.delayMs);
      if (call.stream) await stream(response, call, reply);
      else complete(response, call, reply.text);
      return;
    default:
      reply satisfies never;
  }
}

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

function complete(response: ServerResponse, { model }: ModelCall, text: string): void {
  const message = { role: 'assistant', content: text };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  const body = { id: 'stub', object: 'chat.completion', created: 0, model, choices, usage };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function stream(
  response: ServerResponse,
  call: ModelCall,
  { text, wordMs = 0, hold }: ModelReply & { readonly kind: 'text' },
): Promise<void> {
  if (wordMs === 0 && !hold) {
    writeWords(response, call, text);
  } else {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const words = wordsOf(text);
    for (const [index, word] of words.entries()) {
      if (index === Math.floor(words.length / 2)) await hold;
      if (response.destroyed) return;
      response.write(chunk(call, { content: word }));
      await delay(wordMs);
    }
  }
  response.write(chunk(call, {}, 'stop'));
  response.write(`data: ${JSON.stringify({ ...frame(call), choices: [], usage })}\n\n`);
  response.end('data: [DONE]\n\n');
}

function writeWords(response: ServerResponse, call: ModelCall, text: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const piece of piecesOf(text)) response.write(chunk(call, { content: piece }));
}

/** Words; several in one piece where there are very many, for each piece takes some 40 µs of the reader. */
function piecesOf(text: string): string[] {
  const words = wordsOf(text);
  const size = Math.ceil(words.length / 10_000);
  return size === 1
    ? words
    : Array.from({ length: Math.ceil(words.length / size) }, (_, at) =>
        words.slice(at * size, (at + 1) * size).join(''),
      );
}

function wordsOf(text: string): string[] {
  return text.match(/\S+\s*|\s+/g) ?? [];
}

function chunk(call: ModelCall, delta: Readonly<Record<string, string>>, finish: string | null = null): string {
  const choices = [{ index: 0, delta: { role: 'assistant', ...delta }, finish_reason: finish }];
  return `data: ${JSON.stringify({ ...frame(call), choices })}\n\n`;
}

function frame({ model }: ModelCall) {
  return { id: 'stub', object: 'chat.completion.chunk', created: 0, model };
}
