import type { AgentResult, ConversationCall } from '../shared/contracts/calls.ts';
import type { Trail } from '../shared/contracts/steps.ts';
import type { Exchange } from '../shared/domain/memory.ts';
import type { Invocation } from '../shared/platform/edge.ts';
import type { Logger } from '../shared/platform/logger.ts';
import { withStep } from '../shared/platform/trace.ts';
import { failureOf } from './failures.ts';
import type { ConversationGraph } from './graph.ts';
import type { Progress } from './nodes/call-llm.ts';
import type { State } from './state.ts';

interface AskPorts {
  readonly graph: () => Promise<ConversationGraph>;
  readonly now: () => number;
}

/** Kept back from the deadline: to store the exchange and hand the result back. */
const closingMs = 5_000;

/** Runs the graph, and turns whatever becomes of it into a result. */
export async function askModel(
  ports: AskPorts,
  call: ConversationCall,
  history: readonly Exchange[],
  trail: Trail,
  { remainingMs }: Invocation,
  logger: Logger,
): Promise<{ result: AgentResult; trail: Trail }> {
  const since = ports.now();
  const deadline = AbortSignal.timeout(Math.max(1_000, remainingMs() - closingMs));
  let written = '';
  let path = withStep(trail, 'conversation', 'model called', 'chat completion', since);
  try {
    const graph = await ports.graph();
    const stream = await graph.stream(
      { question: call.message, history },
      { streamMode: ['custom', 'values'] as const, signal: deadline },
    );
    let state: Partial<State> = {};
    for await (const [mode, chunk] of stream) {
      if (mode === 'values') {
        state = chunk as State;
        continue;
      }
      const progress = chunk as Progress;
      if (progress.kind === 'attempt') continue;
      if (written === '') {
        path = withStep(path, 'conversation', 'first token', 'streaming', since);
        logger.log('info', 'first token', { ms: ports.now() - since });
      }
      written += progress.text;
    }
    const { answer = '', model, usage } = state;
    logger.log('info', 'model answered', { model, ...usage, ms: ports.now() - since });
    const result: AgentResult = { status: 'complete', text: answer, model, usage };
    return { result, trail: withStep(path, 'conversation', 'model answered', 'complete', since) };
  } catch (error) {
    const { code, reason } = failureOf(error);
    logger.log('warn', 'model failed', { code, error, ms: ports.now() - since });
    const result: AgentResult = { status: 'failed', code, reason, ...(written !== '' && { partial: written }) };
    return { result, trail: withStep(path, 'conversation', 'model answered', code, since) };
  }
}
