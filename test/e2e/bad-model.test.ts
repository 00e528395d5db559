import { beforeAll, describe, expect, it } from 'vitest';
import { ChatClient } from '../support/chat-client.ts';
import type { ModelReply, ModelStub } from '../support/model-stub.ts';
import type { Product } from '../support/product.ts';
import { startProductWithModel } from '../support/product-with-model.ts';

const faults: Readonly<Record<string, { reply: ModelReply; code: string; retryable: boolean }>> = {
  'refuses our key': { reply: { kind: 'status', status: 401 }, code: 'model_misconfigured', retryable: false },
  'has too many requests': { reply: { kind: 'status', status: 429 }, code: 'model_rate_limited', retryable: true },
  'fails by itself': { reply: { kind: 'status', status: 500 }, code: 'model_unavailable', retryable: true },
  'takes no such question': { reply: { kind: 'status', status: 400 }, code: 'model_rejected', retryable: false },
  'answers garbage': {
    reply: { kind: 'garbage', body: '<html>Bad gateway' },
    code: 'model_unavailable',
    retryable: true,
  },
  'answers half and breaks off': {
    reply: { kind: 'half', text: 'Once upon' },
    code: 'model_unavailable',
    retryable: true,
  },
  'never answers': { reply: { kind: 'silence' }, code: 'model_timeout', retryable: true },
};

describe.concurrent('a model that', () => {
  let product: Product;
  let model: ModelStub;

  beforeAll(async () => {
    // The limit on silence as a setting, so that nobody waits for its 30 s here.
    const started = await startProductWithModel({ env: { MODEL_IDLE_MS: '4000' } });
    ({ product, model } = started);
    model.reply = ({ question }) => faults[question]?.reply ?? { kind: 'text', text: `echo: ${question}` };
    return started.dispose;
  });

  it.for(Object.entries(faults))(
    '%s ends the message with a typed failure, and the next one works',
    async ([fault, { code, retryable }]) => {
      const client = new ChatClient(product.url);
      const { session_id } = await client.createSession();
      const socket = await client.connect(session_id);
      const failed = await socket.ask(fault, 50_000);
      expect(failed).toMatchObject({ type: 'failed', code, retryable, message: expect.stringMatching(/\S/) });
      expect(failed.message).not.toMatch(/stub|Error:|at \//);

      expect(await socket.ask('Well?')).toMatchObject({ type: 'assistant', message: 'echo: Well?' });
      const told = model.calls.findLast(({ question, messages }) => question === 'Well?' && messages.length > 0);
      expect(told?.messages.map(({ content }) => content)).not.toContain(fault);
      expect((await client.transcript(session_id)).map(({ role, status }) => `${role} ${status}`)).toEqual([
        'user complete',
        'assistant failed',
        'user complete',
        'assistant complete',
      ]);
      await socket.close();
    },
  );
});
