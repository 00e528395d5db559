import { Annotation } from '@langchain/langgraph';
import type { AgentResult } from '../shared/contracts/calls.ts';

/**
 * What the supervisor's graph keeps between its steps, and so in the checkpoint: ids and outcomes, never the texts of
 * the conversation, which would make a session's item grow.
 */
export const SupervisorState = Annotation.Root({
  session_id: Annotation<string>,
  message_id: Annotation<string>,
  seq: Annotation<number>,
  agent: Annotation<string | undefined>,
  result: Annotation<AgentResult | undefined>,
  handled: Annotation<boolean | undefined>,
});
export type State = typeof SupervisorState.State;
export type Update = typeof SupervisorState.Update;

/** What a node asks of the handler by suspending the graph: call this agent, and resume with its result. */
export interface AgentRequest {
  readonly agent: string;
}
