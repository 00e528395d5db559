import { t } from '../strings.ts';
import type { End } from './conversation.ts';
import { plainText } from './plain-text.ts';

/** What a screen reader says of a run that has ended. */
export function announcementOf(end: End): string {
  if (end.kind === 'answer') return t.answerArrived(plainText(end.text));
  return end.kind === 'failed' ? t.answerFailed(t.failures[end.code] ?? t.failure) : t.answerStopped;
}
