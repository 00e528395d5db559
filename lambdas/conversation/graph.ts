import { END, START, StateGraph } from '@langchain/langgraph';
import type { ChatOpenAI } from '@langchain/openai';
import { ModelError } from './failures.ts';
import { callLlm } from './nodes/call-llm.ts';
import { formatResponse } from './nodes/format-response.ts';
import { prepareMessages } from './nodes/prepare-messages.ts';
import { ConversationState } from './state.ts';

/** The model's limits, in milliseconds. */
export interface ModelLimits {
  /** Without a token, from the request on: a model that thinks is given this long before its first word. */
  readonly idleMs: number;
  /** For one attempt in all. */
  readonly totalMs: number;
}

/** Times in milliseconds. */
export const policies = {
  /** Calls of the model for one question, while no token of it has come. */
  maxAttempts: 3,
  firstPause: 500,
};

const noOtherKey = async (): Promise<boolean> => false;

/** The conversation's graph with the contract's nodes; retries and time-outs are policies of the node that calls out. */
export function createConversationGraph(
  model: ChatOpenAI,
  { idleMs, totalMs }: ModelLimits,
  renewKey: () => Promise<boolean> = noOtherKey,
) {
  return new StateGraph(ConversationState)
    .addNode('prepare_messages', prepareMessages)
    .addNode('call_llm', callLlm(model, renewKey), {
      timeout: { idleTimeout: idleMs, runTimeout: totalMs },
      retryPolicy: {
        maxAttempts: policies.maxAttempts,
        initialInterval: policies.firstPause,
        backoffFactor: 2,
        jitter: true,
        logWarning: false,
        retryOn: (error: unknown) => error instanceof ModelError && error.transient,
      },
    })
    .addNode('format_response', formatResponse)
    .addEdge(START, 'prepare_messages')
    .addEdge('prepare_messages', 'call_llm')
    .addEdge('call_llm', 'format_response')
    .addEdge('format_response', END)
    .compile();
}

export type ConversationGraph = ReturnType<typeof createConversationGraph>;
