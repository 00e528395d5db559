import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** How the stub answers; times in milliseconds. */
export interface ModelPace {
  /** Before the first token. */
  readonly delayMs: number;
  /** Words of an answer, sent at once after the delay unless `wordMs`. */
  readonly words: number;
  readonly wordMs?: number;
}

/**
 * An OpenAI-compatible server on loopback with a fixed delay. It keeps, by the question's text, when its first token
 * left, on the clock of `performance.now()`, until that is asked for.
 */
export class LoadModel {
  readonly #server: Server;
  readonly #firstToken = new Map<string, number>();
  #baseUrl = '';
  pace: ModelPace = { delayMs: 0, words: 40 };
  /** Questions whose answer takes longer than `pace` says. */
  slow: { readonly matches: (question: string) => boolean; readonly delayMs: number } | undefined;
  /** Calls so far, and how often each question was asked since `countQuestions`. */
  calls = 0;
  asked: Map<string, number> | undefined;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  /** @param port 0 takes a free one */
  static async start(port = 0): Promise<LoadModel> {
    const model = new LoadModel();
    model.#server.keepAliveTimeout = 60_000;
    model.#server.listen(port, '127.0.0.1');
    await once(model.#server, 'listening');
    const address = model.#server.address();
    model.#baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/v1`;
    return model;
  }

  get baseUrl(): string {
    return this.#baseUrl;
  }

  /** Settings that make the product ask it. */
  get env(): Readonly<Record<string, string>> {
    return { OPENAI_API_KEY: 'load', OPENAI_BASE_URL: this.#baseUrl, OPENAI_MODEL: 'load' };
  }

  /** When the first token for a question left; tells it once. */
  takeFirstToken(question: string): number | undefined {
    const at = this.#firstToken.get(question);
    this.#firstToken.delete(question);
    return at;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    const { messages, stream } = JSON.parse(body) as {
      messages: readonly { role: string; content: string }[];
      stream?: boolean;
    };
    this.calls += 1;
    const question = messages.findLast(({ role }) => role === 'user')?.content ?? '';
    this.asked?.set(question, (this.asked.get(question) ?? 0) + 1);
    const { words, wordMs } = this.pace;
    const delayMs = this.slow?.matches(question) ? this.slow.delayMs : this.pace.delayMs;
    if (delayMs > 0) await sleep(delayMs);
    this.#firstToken.set(question, performance.now());
    if (!stream) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(wholeAnswer(words));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (!wordMs) {
      response.end(tokens.slice(0, words).join('') + tail);
      return;
    }
    for (const token of tokens.slice(0, words)) {
      if (response.destroyed) return;
      response.write(token);
      await sleep(wordMs);
    }
    response.end(tail);
  }
}

const frame = { id: 'load', object: 'chat.completion.chunk', created: 0, model: 'load' };
const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const tokens = Array.from({ length: 400 }, (_, index) =>
  event({
    ...frame,
    choices: [{ index: 0, delta: { role: 'assistant', content: `word${index} ` }, finish_reason: null }],
  }),
);
const usage = { prompt_tokens: 100, completion_tokens: 40, total_tokens: 140 };
const tail = `${event({ ...frame, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}${event({ ...frame, choices: [], usage })}data: [DONE]\n\n`;

function wholeAnswer(words: number): string {
  const content = Array.from({ length: words }, (_, index) => `word${index} `).join('');
  const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
  return JSON.stringify({ ...frame, object: 'chat.completion', choices, usage });
}
