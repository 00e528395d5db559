import type { State, Update } from '../state.ts';

/** Decides which agent answers. There is one today; a router would choose here. */
export function receiveRequest(_state: State): Update {
  return { agent: 'conversation' };
}
