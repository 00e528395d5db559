import type { BaseMessage } from '@langchain/core/messages';
import { Annotation } from '@langchain/langgraph';
import type { Usage } from '../shared/contracts/log-events.ts';
import type { Exchange } from '../shared/domain/memory.ts';

/** What the conversation's graph passes from step to step. */
export const ConversationState = Annotation.Root({
  question: Annotation<string>,
  history: Annotation<readonly Exchange[]>,
  messages: Annotation<BaseMessage[]>,
  raw: Annotation<string>,
  answer: Annotation<string>,
  usage: Annotation<Usage | undefined>,
  model: Annotation<string | undefined>,
});
export type State = typeof ConversationState.State;
export type Update = typeof ConversationState.Update;
