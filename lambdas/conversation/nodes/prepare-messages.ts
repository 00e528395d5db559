import { AIMessage, HumanMessage, SystemMessage } from '@langchain/core/messages';
import { systemPrompt } from '../prompt.ts';
import type { State, Update } from '../state.ts';

/** The prompt, the exchanges so far, and the question. */
export function prepareMessages({ history, question }: State): Update {
  const past = history.flatMap((exchange) => [
    new HumanMessage(exchange.question),
    // A stopped answer may have had no text yet; a model takes no empty message.
    ...(exchange.answer === '' ? [] : [new AIMessage(exchange.answer)]),
  ]);
  return { messages: [new SystemMessage(systemPrompt), ...past, new HumanMessage(question)] };
}
