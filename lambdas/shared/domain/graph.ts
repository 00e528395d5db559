import type { AgentResult } from '../contracts/calls.ts';

/** What a run starts with. */
export interface RunInput {
  readonly run_id: string;
  readonly session_id: string;
  readonly message_id: string;
  readonly seq: number;
  /** Seen by the nodes but kept out of the checkpoint: a session's item must stay small. */
  readonly message: string;
}

/** What a run ends with, before it has a place in the log. */
export type Outcome = AgentResult & { readonly agent: string };

/** Where a graph has come to: it waits for an agent, or it has ended. */
export type GraphState =
  | {
      readonly kind: 'suspended';
      readonly checkpoint: string;
      readonly waits: { readonly interrupt_id: string; readonly agent: string };
    }
  | { readonly kind: 'ended'; readonly outcome: Outcome };

/**
 * The supervisor's graph as its handler sees it. It has no effects: it says which agent to call, and goes on with the
 * outcome that it is given for that interrupt.
 */
export interface SupervisorGraph {
  start(input: RunInput): Promise<GraphState>;
  resume(runId: string, checkpoint: string, interruptId: string, result: AgentResult): Promise<GraphState>;
}
