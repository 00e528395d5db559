import type { SessionSummary } from '../connection/read-http.ts';
import { titleFrom } from '../state/session-list.ts';
import { t } from '../strings.ts';

/** What a chat is called: its title, or its first question until it has one. */
export function titleOf(session: SessionSummary | undefined, firstQuestion: string | undefined): string {
  return session?.title ?? (titleFrom(firstQuestion ?? '') || t.untitled);
}
