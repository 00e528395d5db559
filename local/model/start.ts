import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { demoAnswer } from './answer.ts';
import { type ChatRequest, parseChatRequest } from './chat-request.ts';
import { type Completion, chunk, endOfStream, tokensOf, usageChunk, wholeAnswer } from './completion.ts';

export interface DemoModel {
  /** For `OPENAI_BASE_URL`. */
  readonly baseUrl: string;
  stop(): Promise<void>;
}

export interface DemoModelOptions {
  readonly port?: number;
  readonly log: Log;
  /** Time before the first token and between two, in milliseconds: a person's reading pace by default. */
  readonly pace?: { readonly firstMs: number; readonly tokenMs: number };
}

/** The name under which the demo model answers. */
export const demoModelName = 'demo';

const maxBodyBytes = 4 * 1024 * 1024;

/** An OpenAI-compatible server with canned answers, so that the whole way to a model runs without one. */
export async function startDemoModel(options: DemoModelOptions): Promise<DemoModel> {
  const pace = options.pace ?? { firstMs: 150, tokenMs: 20 };
  const server = createServer((request, response) => {
    answer(request, response, pace).catch((error: unknown) => {
      if (response.destroyed) return;
      options.log.warn(`demo model: ${String(error)}`);
      refuse(response, 500, 'server_error', 'The demo model failed.');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Pace = Required<DemoModelOptions>['pace'];

async function answer(request: IncomingMessage, response: ServerResponse, pace: Pace): Promise<void> {
  const route = `${request.method} ${(request.url ?? '').split('?')[0]}`;
  if (route === 'GET /v1/models') {
    const model = { id: demoModelName, object: 'model', created: 0, owned_by: 'switchboard' };
    return json(response, 200, { object: 'list', data: [model] });
  }
  if (route !== 'POST /v1/chat/completions') {
    return refuse(response, 404, 'invalid_request_error', `Unknown request URL: ${route}.`);
  }
  const body = await readBody(request);
  const asked = body === undefined ? undefined : parseChatRequest(body);
  if (!asked) return refuse(response, 400, 'invalid_request_error', 'The body is not a chat completions request.');
  await complete(asked, response, pace);
}

async function complete(asked: ChatRequest, response: ServerResponse, pace: Pace): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const all = tokensOf(demoAnswer(asked.messages));
  const tokens = all.slice(0, asked.maxTokens);
  const completion: Completion = {
    id: `chatcmpl-${randomUUID()}`,
    created: Math.floor(Date.now() / 1000),
    model: asked.model,
    promptTokens: asked.messages.reduce((sum, { content }) => sum + tokensOf(content).length + 3, 0),
    completionTokens: tokens.length,
    finishReason: tokens.length < all.length ? 'length' : 'stop',
  };
  try {
    await sleep(pace.firstMs, undefined, { signal: gone.signal });
    if (!asked.stream) {
      await sleep(pace.tokenMs * tokens.length, undefined, { signal: gone.signal });
      return json(response, 200, wholeAnswer(completion, tokens.join('')));
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.write(chunk(completion, { role: 'assistant', content: '' }));
    for (const [index, content] of tokens.entries()) {
      response.write(chunk(completion, { content }));
      // An uneven pace, the same for the same answer: between 3/4 and 5/4 of the mean.
      await sleep((pace.tokenMs * (3 + ((index * 7) % 5) / 2)) / 4, undefined, { signal: gone.signal });
    }
    response.write(chunk(completion, {}, completion.finishReason));
    if (asked.includeUsage) response.write(usageChunk(completion));
    response.end(endOfStream);
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBodyBytes) return undefined;
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refuse(response: ServerResponse, status: number, type: string, message: string): void {
  json(response, status, { error: { message, type, param: null, code: null } });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
