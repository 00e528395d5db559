import type { Draft, Outline, RenamedEvent } from '../contracts/log-events.ts';
import { append, type Log, type Placed } from './log.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/**
 * Gives a session another title, and notes it in the log so that every tab learns of it. Gives undefined for a session
 * that is gone, or that has this title already.
 */
export async function rename(
  { sessions, log }: { readonly sessions: Sessions; readonly log: Log },
  session: Session,
  title: string,
  at: Date,
): Promise<Placed | undefined> {
  if (session.title === title || !(await sessions.rename(session.session_id, title))) return undefined;
  const draft: Draft<RenamedEvent> = { type: 'renamed', title, created_at: at.toISOString() };
  const { created_at } = draft;
  const isSame = (event: Outline) =>
    event.type === 'renamed' && event.title === title && event.created_at === created_at;
  return append(log, session.session_id, draft, session.tail, isSame);
}
