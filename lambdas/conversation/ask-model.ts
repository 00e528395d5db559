import type { AgentResult, ConversationCall } from '../shared/contracts/calls.ts';
import type { Trail } from '../shared/contracts/steps.ts';
import type { Exchange } from '../shared/domain/memory.ts';
import type { Logger } from '../shared/platform/logger.ts';
import { withStep } from '../shared/platform/trace.ts';
import type { Deltas } from './deltas.ts';
import { failureOf } from './failures.ts';
import { type ConversationGraph, policies } from './graph.ts';
import type { Progress } from './nodes/call-llm.ts';
import type { State } from './state.ts';

/** All that one asking of the model needs. */
export interface Asking {
  readonly graph: () => Promise<ConversationGraph>;
  readonly call: ConversationCall;
  readonly history: readonly Exchange[];
  readonly deltas: Deltas;
  /** Asked to stop by the person who asked, or by a deletion. */
  readonly stop: AbortSignal;
  /** Time is up. */
  readonly deadline: AbortSignal;
  readonly trail: Trail;
  readonly logger: Logger;
}

/** What came of it, and the steps it took. */
export interface Answered {
  readonly result: AgentResult;
  readonly trail: Trail;
}

/** Runs the graph, passes its tokens on, and turns whatever becomes of it into a result. */
export async function askModel(asking: Asking): Promise<Answered> {
  const since = Date.now();
  const writing = new Writing(asking, since);
  try {
    const state = await run(asking, writing);
    const { answer = '', model, usage } = state;
    asking.logger.log('info', 'model answered', { model, ...usage, ms: Date.now() - since });
    return { result: { status: 'complete', text: answer, model, usage }, trail: writing.ended('complete') };
  } catch (error) {
    const partial = writing.text;
    if (asking.stop.aborted) {
      asking.logger.log('info', 'stopped', { characters: partial.length, ms: Date.now() - since });
      return { result: { status: 'cancelled', partial }, trail: writing.ended('cancelled') };
    }
    const { code, reason } = failureOf(error);
    asking.logger.log('warn', 'model failed', { code, error, ms: Date.now() - since });
    const result: AgentResult = { status: 'failed', code, reason, ...(partial !== '' && { partial }) };
    return { result, trail: writing.ended(code) };
  }
}

async function run({ graph, call, history, stop, deadline }: Asking, writing: Writing): Promise<Partial<State>> {
  const compiled = await graph();
  const signal = AbortSignal.any([stop, deadline]);
  const input = { question: call.message, history };
  const stream = await compiled.stream(input, { streamMode: ['custom', 'values'] as const, signal });
  let state: Partial<State> = {};
  for await (const [mode, chunk] of stream) {
    if (mode === 'values') state = chunk as State;
    else writing.take(chunk as Progress);
  }
  return state;
}

/** What the model has written so far, attempt by attempt. */
class Writing {
  readonly #asking: Asking;
  readonly #since: number;
  #trail: Trail;
  #attempts = 0;
  text = '';

  constructor(asking: Asking, since: number) {
    this.#asking = asking;
    this.#since = since;
    this.#trail = withStep(asking.trail, 'conversation', 'model called', 'chat completion', since);
  }

  take(progress: Progress): void {
    const { call, deltas, logger } = this.#asking;
    if (progress.kind === 'attempt') {
      this.#attempts += 1;
      deltas.begin((call.attempt - 1) * policies.maxAttempts + this.#attempts);
      if (this.#attempts > 1) deltas.status('retrying', 'The model did not answer; it is asked again.');
      return;
    }
    if (this.text === '') {
      this.#trail = withStep(this.#trail, 'conversation', 'first token', 'streaming', this.#since);
      logger.log('info', 'first token', { ms: Date.now() - this.#since });
    }
    this.text += progress.text;
    deltas.write(progress.text);
  }

  ended(how: string): Trail {
    return withStep(this.#trail, 'conversation', 'model answered', how, this.#since);
  }
}
