import { interrupt } from '@langchain/langgraph';
import type { AgentResult } from '../../shared/contracts/calls.ts';
import type { AgentRequest, State, Update } from '../state.ts';

/**
 * Waits for the agent. The node has no effects of its own: it runs again from its start when the graph is resumed, and
 * the call is made by the handler, once the suspended state is stored.
 */
export function callConversationalWorkflow(state: State): Update {
  const result = interrupt<AgentRequest, AgentResult>({ agent: state.agent ?? 'conversation' });
  return { result };
}
