import { hollow, patch } from './patch.ts';

/** Of the OpenAI API's resources only chat completions are called; the other thirty are 150 KiB. */
const chatOnly = patch({
  name: 'openai-chat-only',
  file: /openai[/\\]resources[/\\].*\.mjs$/,
  except: /[/\\]resources[/\\](index\.mjs$|shared\.mjs$|chat[/\\])/,
  change: hollow,
});

/** Tools run by the SDK, and its own view of streams: LangChain reads the chunks itself. */
const withoutRunners = patch({
  name: 'openai-without-runners',
  file: /openai[/\\]lib[/\\](ChatCompletionRunner|ChatCompletionStreamingRunner|ChatCompletionStream)\.mjs$/,
  change: hollow,
});

/** Schemas for structured answers, and the tools that OpenAI runs itself: neither is asked for, both bring zod's whole. */
const withoutSchemas = patch({
  name: 'openai-without-schemas',
  file: /(openai[/\\]helpers[/\\]zod\.mjs|@langchain[/\\]openai[/\\]dist[/\\]tools[/\\]index\.js)$/,
  change: hollow,
});

export const openaiPlugins = [chatOnly, withoutRunners, withoutSchemas];
