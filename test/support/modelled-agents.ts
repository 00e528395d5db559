import type { AgentResult, ConversationCall } from '../../lambdas/shared/contracts/calls.ts';
import type { GraphState, SupervisorGraph } from '../../lambdas/shared/domain/graph.ts';
import type { Memory } from '../../lambdas/shared/domain/memory.ts';
import { resultOf } from '../../lambdas/shared/domain/result.ts';
import type { Random } from './random.ts';

/** Agents that answer as the conversation function does: memory holds the proof that a call was answered. */
export class ModelledAgents {
  /** Times that the model was asked, and calls that died, by request. */
  readonly modelCalls = new Map<string, number>();
  readonly lostCalls = new Map<string, number>();
  /** Requests whose answer memory was given. */
  readonly answered = new Set<string>();
  /** Probability that the model fails. A failure whose report is lost is had again only by asking the model again. */
  failureRate = 0.1;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Answers a call that was begun. */
  async answer(call: ConversationCall, memory: Memory): Promise<AgentResult> {
    const { session_id, question_seq, seq, call_id, message_id, attempt } = call;
    const known = attempt > 1 ? await memory.find(session_id, question_seq) : undefined;
    if (known?.call_id === call_id) return resultOf(known);
    this.#count(this.modelCalls, call);
    if (this.#random.chance(this.failureRate)) return { status: 'failed', code: 'model_unavailable', reason: 'down' };
    const answer = `answer to ${message_id}`;
    const known_by = { seq: question_seq, request_seq: seq, call_id, message_id };
    await memory.put(session_id, { ...known_by, question: 'q', answer, status: 'complete' });
    this.answered.add(keyOf(call));
    return { status: 'complete', text: answer };
  }

  died(call: ConversationCall): void {
    this.#count(this.lostCalls, call);
  }

  #count(counts: Map<string, number>, call: ConversationCall): void {
    counts.set(keyOf(call), (counts.get(keyOf(call)) ?? 0) + 1);
  }
}

function keyOf({ session_id, seq }: ConversationCall): string {
  return `${session_id}/${seq}`;
}

/** A graph that asks `rounds` agents, one after the other, and ends with the last one's result or the first failure. */
export function askingGraph(rounds: number): SupervisorGraph {
  const wait = (round: number): GraphState => ({
    kind: 'suspended',
    checkpoint: String(round),
    waits: { interrupt_id: `i${round}`, agent: `agent${round}` },
  });
  return {
    start: async () => wait(1),
    async resume(_run, checkpoint, _interrupt, result) {
      const round = Number(checkpoint);
      if (round < rounds && result.status === 'complete') return wait(round + 1);
      return { kind: 'ended', outcome: { ...result, agent: 'test' } };
    },
  };
}
