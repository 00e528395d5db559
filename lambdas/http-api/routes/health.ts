import { json } from '../../shared/http/respond.ts';
import type { Route } from '../ports.ts';

/** Whether the parts that every call needs answer, and which model does. */
export const health: Route = async (ports) => {
  const store = await ports.sessions.get('00000000-0000-4000-8000-000000000000').then(
    () => 'ok' as const,
    () => 'unavailable' as const,
  );
  const model = { name: ports.model, demo: ports.model === 'demo' };
  const status = store === 'ok' ? 'ok' : 'unavailable';
  return json(status === 'ok' ? 200 : 503, { status, checks: { store, model } });
};
