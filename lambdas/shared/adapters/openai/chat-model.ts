import { ChatOpenAI } from '@langchain/openai';
import { setting } from '../../platform/env.ts';
import { secretValue } from './secret.ts';

let model: Promise<ChatOpenAI> | undefined;

/**
 * The model, once per process. Retries and time-outs are the graph's policies, so the client makes none. `streaming`
 * stays unset: with it the client counts tokens by tables that it downloads, and without a way out stalls for minutes.
 */
export function createChatModel(): Promise<ChatOpenAI> {
  model ??= build().catch((error: unknown) => {
    model = undefined;
    throw error;
  });
  return model;
}

async function build(): Promise<ChatOpenAI> {
  const apiKey = process.env.OPENAI_API_KEY || (await secretValue(setting('OPENAI_SECRET_ARN')));
  const baseURL = process.env.OPENAI_BASE_URL;
  return new ChatOpenAI({
    model: setting('OPENAI_MODEL'),
    temperature: 0.7,
    apiKey,
    maxRetries: 0,
    ...(baseURL && { configuration: { baseURL } }),
  });
}
