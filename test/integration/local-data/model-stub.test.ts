import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ModelStub, startModelStub } from '../../support/model-stub.ts';

describe('the model of the tests', () => {
  let stub: ModelStub;

  beforeEach(async () => {
    stub = await startModelStub();
  });

  afterEach(() => stub.close());

  const ask = (question: string, options: { stream?: boolean; signal?: AbortSignal } = {}) =>
    fetch(`${stub.env.OPENAI_BASE_URL}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({
        model: 'stub',
        stream: options.stream ?? true,
        messages: [{ role: 'user', content: question }],
      }),
      ...(options.signal ? { signal: options.signal } : {}),
    });

  it('keeps the calls and says how each ended', async () => {
    const answer = await (await ask('hello')).text();
    expect(answer).toContain('"content":"echo: "');
    expect(stub.calls.map(({ question }) => question)).toEqual(['hello']);
    expect(await stub.calls[0]?.end).toBe('answered');
  });

  it('can stall in the middle, and tells when the client gave up', async () => {
    stub.reply = () => ({ kind: 'stall', text: 'Once upon' });
    const gone = new AbortController();
    const response = await ask('a story', { signal: gone.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('upon')) text += (await reader?.read())?.value ?? '';
    gone.abort();
    expect(await stub.calls[0]?.end).toBe('abandoned');
  });

  it('can cut the line in the middle', async () => {
    stub.reply = () => ({ kind: 'half', text: 'Once upon' });
    await expect(ask('a story').then((response) => response.text())).rejects.toThrow();
    expect(await stub.calls[0]?.end).toBe('cut');
  });

  it('can take its time before the first word and between words', async () => {
    stub.reply = () => ({ kind: 'text', text: 'a b c', delayMs: 30, wordMs: 20 });
    const began = performance.now();
    await (await ask('slowly')).text();
    expect(performance.now() - began).toBeGreaterThan(60);
  });
});
