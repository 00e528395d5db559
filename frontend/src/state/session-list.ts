import type { SessionSummary } from '../connection/read-http.ts';

/** The caller's sessions as far as they are loaded, latest activity first. */
export interface SessionList {
  readonly state: 'loading' | 'ready' | 'failed';
  readonly sessions: readonly SessionSummary[];
  /** Where the next page starts; undefined when all are loaded. */
  readonly cursor: string | undefined;
  /** Sessions that are about to be deleted, unless it is undone. */
  readonly leaving: ReadonlySet<string>;
}

export const emptyList: SessionList = { state: 'loading', sessions: [], cursor: undefined, leaving: new Set() };

/** The list with sessions added or updated. */
export function merge(list: SessionList, sessions: readonly SessionSummary[]): SessionList {
  const byId = new Map(list.sessions.map((session) => [session.session_id, session]));
  for (const session of sessions) byId.set(session.session_id, session);
  return { ...list, sessions: [...byId.values()].sort((a, b) => b.updated_at.localeCompare(a.updated_at)) };
}

/** The list without a session. */
export function remove(list: SessionList, id: string): SessionList {
  const leaving = new Set(list.leaving);
  leaving.delete(id);
  return { ...list, leaving, sessions: list.sessions.filter(({ session_id }) => session_id !== id) };
}

/** The list with a session's fields changed. */
export function change(list: SessionList, id: string, fields: Partial<SessionSummary>): SessionList {
  const session = list.sessions.find(({ session_id }) => session_id === id);
  return session ? merge(list, [{ ...session, ...fields }]) : list;
}

/** A title made of a question: its first line, cut at a word. */
export function titleFrom(question: string, most = 60): string {
  const line = question
    .trim()
    .replace(/^[#>*\-`\s]+/, '')
    .split('\n', 1)[0]
    ?.replace(/\s+/g, ' ')
    .trim();
  if (!line || line.length <= most) return line ?? '';
  const cut = line.slice(0, most + 1);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), most / 2)).trimEnd()}…`;
}

/** Days of the list's headings. */
export type Period = 'today' | 'yesterday' | 'week' | 'earlier';

/** The sessions that match a search, grouped by when something last happened in them. */
export function grouped(
  list: SessionList,
  search: string,
  now: Date,
): { period: Period; sessions: SessionSummary[] }[] {
  const wanted = search.trim().toLocaleLowerCase();
  const shown = list.sessions.filter(
    ({ session_id, title }) =>
      !list.leaving.has(session_id) && (wanted === '' || (title ?? '').toLocaleLowerCase().includes(wanted)),
  );
  const groups = Map.groupBy(shown, ({ updated_at }) => periodOf(new Date(updated_at), now));
  return [...groups].map(([period, sessions]) => ({ period, sessions }));
}

function periodOf(at: Date, now: Date): Period {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const day = 24 * 60 * 60 * 1000;
  if (at.getTime() >= midnight) return 'today';
  if (at.getTime() >= midnight - day) return 'yesterday';
  return at.getTime() >= midnight - 6 * day ? 'week' : 'earlier';
}
