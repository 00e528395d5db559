import { Command, END, START, StateGraph } from '@langchain/langgraph';
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint';
import type { AgentResult } from '../shared/contracts/calls.ts';
import type { GraphState, Outcome, RunInput, SupervisorGraph } from '../shared/domain/graph.ts';
import { ThreadSaver } from './checkpoint/thread-saver.ts';
import { callConversationalWorkflow } from './nodes/call-conversational-workflow.ts';
import { handleError } from './nodes/handle-error.ts';
import { handleResponse } from './nodes/handle-response.ts';
import { receiveRequest } from './nodes/receive-request.ts';
import { routeResult } from './routing.ts';
import { type AgentRequest, type State, SupervisorState } from './state.ts';

/** The graph with the contract's nodes. `checkpointer` keeps it while it is suspended. */
function compile(checkpointer: BaseCheckpointSaver) {
  return new StateGraph(SupervisorState)
    .addNode('receive_request', receiveRequest)
    .addNode('call_conversational_workflow', callConversationalWorkflow)
    .addNode('handle_response', handleResponse)
    .addNode('handle_error', handleError)
    .addEdge(START, 'receive_request')
    .addEdge('receive_request', 'call_conversational_workflow')
    .addConditionalEdges('call_conversational_workflow', routeResult, ['handle_response', 'handle_error'])
    .addEdge('handle_response', END)
    .addEdge('handle_error', END)
    .compile({ checkpointer });
}

/** The supervisor's graph behind its port: each step begins and ends with the checkpoint as a string. */
export function createSupervisorGraph(): SupervisorGraph {
  return {
    async start({ run_id, session_id, message_id, seq }: RunInput): Promise<GraphState> {
      const saver = new ThreadSaver();
      return step(saver, run_id, { session_id, message_id, seq });
    },
    async resume(runId: string, checkpoint: string, interruptId: string, result: AgentResult): Promise<GraphState> {
      const saver = new ThreadSaver();
      saver.load(runId, checkpoint);
      // Resumed by the interrupt's own id: an unaddressed resume would answer every branch that waits.
      return step(saver, runId, new Command({ resume: { [interruptId]: result } }));
    },
  };
}

async function step(
  saver: ThreadSaver,
  runId: string,
  input: Command | { session_id: string; message_id: string; seq: number },
): Promise<GraphState> {
  const graph = compile(saver);
  const config = { configurable: { thread_id: runId }, durability: 'exit' as const };
  const state = (await graph.invoke(input as never, config)) as State & {
    __interrupt__?: { id?: string; value?: AgentRequest }[];
  };
  // Branches that wait side by side are answered one after the other, each by its own id.
  const waiting = state.__interrupt__?.[0];
  if (waiting?.id !== undefined && waiting.value) {
    const waits = { interrupt_id: waiting.id, agent: waiting.value.agent };
    return { kind: 'suspended', checkpoint: saver.dump(runId), waits };
  }
  return { kind: 'ended', outcome: outcomeOf(state) };
}

function outcomeOf(state: State): Outcome {
  const agent = state.agent ?? 'supervisor';
  if (!state.result || !state.handled) {
    return { status: 'failed', code: 'internal', reason: 'The supervisor came to no result.', agent };
  }
  return { ...state.result, agent };
}
