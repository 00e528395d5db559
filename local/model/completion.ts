/** Names and counts that all parts of one completion share. */
export interface Completion {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly finishReason: 'stop' | 'length';
}

/** Words with the white space before them: what a model's tokens look like to whoever reads them. */
export function tokensOf(text: string): string[] {
  return text.match(/\s*\S+/g) ?? [];
}

export function wholeAnswer(completion: Completion, content: string): unknown {
  const { id, created, model, finishReason } = completion;
  return {
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [
      { index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: finishReason },
    ],
    usage: usageOf(completion),
  };
}

/** One event of a streamed answer. */
export function chunk(completion: Completion, delta: unknown, finishReason: string | null = null): string {
  return event(completion, { choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }] });
}

/** The event that ends a streamed answer when `stream_options.include_usage` was asked for. */
export function usageChunk(completion: Completion): string {
  return event(completion, { choices: [], usage: usageOf(completion) });
}

export const endOfStream = 'data: [DONE]\n\n';

function event({ id, created, model }: Completion, fields: Readonly<Record<string, unknown>>): string {
  return `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created, model, ...fields })}\n\n`;
}

function usageOf({ promptTokens, completionTokens }: Completion): unknown {
  const total = promptTokens + completionTokens;
  return { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: total };
}
