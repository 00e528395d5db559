import { ChatOpenAI } from '@langchain/openai';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DemoModel, startDemoModel } from '../../../local/model/start.ts';
import { keptLog } from '../../support/local-kafka.ts';

describe('the demo model’s server', () => {
  let model: DemoModel;

  beforeAll(async () => {
    model = await startDemoModel({ log: keptLog().log, pace: { firstMs: 1, tokenMs: 1 } });
    return () => model.stop();
  });

  const chat = (more: object = {}) =>
    new ChatOpenAI({
      model: 'demo',
      apiKey: 'none',
      maxRetries: 0,
      configuration: { baseURL: model.baseUrl },
      ...more,
    });

  const post = (body: unknown, signal?: AbortSignal) =>
    fetch(`${model.baseUrl}/chat/completions`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...(signal ? { signal } : {}),
    });

  it('answers LangChain’s client whole', async () => {
    const answer = await chat().invoke('What is Kafka?');
    expect(answer.content).toMatch(/distributed log[\s\S]*Demo model/);
    expect(answer).toMatchObject({ usage_metadata: { output_tokens: expect.any(Number) } });
  });

  it('streams to LangChain’s client word by word, with the usage at the end', async () => {
    const chunks = [];
    for await (const chunk of await chat().stream('What is Kafka?')) chunks.push(chunk);
    const words = chunks.map(({ content }) => String(content)).filter((content) => content !== '');
    expect(words.length).toBeGreaterThan(20);
    expect(words.join('')).toBe((await chat().invoke('What is Kafka?')).content);
    expect(chunks.at(-1)).toMatchObject({ usage_metadata: { output_tokens: words.length } });
  });

  it('stops at the number of tokens that the request allows', async () => {
    const answer = await chat({ maxTokens: 3 }).invoke('What is Kafka?');
    expect(answer.content).toBe('**Apache Kafka** is');
    expect(answer.response_metadata.finish_reason).toBe('length');
  });

  it('stops when the client goes away, and serves the next one', async () => {
    const gone = new AbortController();
    const response = await post({ stream: true, messages: [{ role: 'user', content: 'Kafka' }] }, gone.signal);
    const reader = response.body?.getReader();
    await reader?.read();
    gone.abort();
    await expect(reader?.read()).rejects.toThrow();
    expect((await chat().invoke('hello')).content).toContain('Hello!');
  });

  it('names its model', async () => {
    const list = await (await fetch(`${model.baseUrl}/models`)).json();
    expect(list).toMatchObject({ object: 'list', data: [{ id: 'demo', object: 'model' }] });
  });

  it.each([
    ['a body that is no JSON', 'chat/completions', 'nonsense', 400],
    ['a body without messages', 'chat/completions', '{}', 400],
    ['an unknown route', 'responses', '{}', 404],
  ])('refuses %s as OpenAI would', async (_, route, body, status) => {
    const response = await fetch(`${model.baseUrl}/${route}`, { method: 'POST', body });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      error: { type: 'invalid_request_error', message: expect.any(String) },
    });
  });
});
