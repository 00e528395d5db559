import { ChatOpenAI } from '@langchain/openai';
import { setting } from '../../platform/env.ts';
import { modelKey } from './model-key.ts';

let model: ChatOpenAI | undefined;

/**
 * The model, once per process; each request takes the key as it is then. Retries and time-outs are the graph's policies,
 * so the client makes none. `streaming` stays unset: with it the client counts tokens by tables that it downloads, and
 * without a way out stalls for minutes. Throws when there is no key.
 */
export async function createChatModel(): Promise<ChatOpenAI> {
  await modelKey();
  model ??= build();
  return model;
}

function build(): ChatOpenAI {
  const baseURL = process.env.OPENAI_BASE_URL;
  return new ChatOpenAI({
    model: setting('OPENAI_MODEL'),
    temperature: 0.7,
    apiKey: modelKey,
    maxRetries: 0,
    ...(baseURL && { configuration: { baseURL } }),
  });
}
