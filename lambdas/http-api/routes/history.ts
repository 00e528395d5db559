import { ownSession } from '../../shared/http/request.ts';
import { noContent } from '../../shared/http/respond.ts';
import type { Route } from '../ports.ts';

/** Forgets what the model is told; the transcript stays. */
export const clearHistory: Route = async (ports, { caller, places }) => {
  const { session_id } = await ownSession(ports.sessions, caller, places[0]);
  await ports.memory.clear(session_id);
  return noContent;
};
