import type { State } from './state.ts';

/** Where the graph goes once the agent's result is there. */
export function routeResult(state: State): 'handle_response' | 'handle_error' {
  return state.result === undefined || state.result.status === 'failed' ? 'handle_error' : 'handle_response';
}
