import type { BaseMessage } from '@langchain/core/messages';
import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import type { ChatOpenAI } from '@langchain/openai';
import type { Usage } from '../../shared/contracts/log-events.ts';
import { ModelError, modelError } from '../failures.ts';
import type { State, Update } from '../state.ts';

/** What the node tells while the model writes, through the graph's custom stream. */
export type Progress = { readonly kind: 'attempt' } | { readonly kind: 'token'; readonly text: string };

/**
 * Calls the model and passes its tokens on as they come. Throws `ModelError`, which knows whether any had come.
 * `renewKey` is asked when the model refuses the key, and says whether there is another one now.
 */
export function callLlm(model: ChatOpenAI, renewKey: () => Promise<boolean>) {
  return async ({ messages }: State, config: LangGraphRunnableConfig): Promise<Update> => {
    const say = (progress: Progress) => config.writer?.(progress);
    say({ kind: 'attempt' });
    let raw = '';
    let usage: Usage | undefined;
    let name: string | undefined;
    try {
      const stream = await model.stream(messages as BaseMessage[], { ...(config.signal && { signal: config.signal }) });
      for await (const chunk of stream) {
        const text = typeof chunk.content === 'string' ? chunk.content : '';
        if (text !== '') {
          raw += text;
          say({ kind: 'token', text });
        }
        if (chunk.usage_metadata) {
          const { input_tokens, output_tokens, total_tokens } = chunk.usage_metadata;
          usage = { input_tokens, output_tokens, total_tokens };
        }
        name = (chunk.response_metadata.model_name as string | undefined) ?? name;
      }
    } catch (error) {
      if ((error as { status?: number }).status === 401 && (await renewKey())) {
        throw new ModelError('model_misconfigured', 'The model refused our credentials.', true, error);
      }
      throw modelError(error, raw);
    }
    if (raw === '') throw modelError(new EmptyAnswerError(), raw);
    return { raw, usage, model: name ?? model.model };
  };
}

/** The model ended its answer without a word. */
class EmptyAnswerError extends Error {
  constructor() {
    super('The model gave an empty answer.');
    this.name = 'EmptyAnswerError';
  }
}
