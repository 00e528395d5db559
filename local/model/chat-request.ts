import type { ChatMessage } from './answer.ts';

/** What the demo model reads of a chat completions request. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly maxTokens: number;
}

/** Reads a request body; undefined when it is no chat completions request. */
export function parseChatRequest(body: string): ChatRequest | undefined {
  let input: unknown;
  try {
    input = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isObject(input) || !Array.isArray(input.messages)) return undefined;
  const messages = input.messages.flatMap((message: unknown) =>
    isObject(message) ? [{ role: String(message.role), content: textOf(message.content) }] : [],
  );
  const limit = input.max_completion_tokens ?? input.max_tokens;
  return {
    model: typeof input.model === 'string' ? input.model : 'demo',
    messages,
    stream: input.stream === true,
    includeUsage: isObject(input.stream_options) && input.stream_options.include_usage === true,
    maxTokens: typeof limit === 'number' ? limit : Number.POSITIVE_INFINITY,
  };
}

/** Content is a text, or a list of parts of which some are text. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: unknown) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
