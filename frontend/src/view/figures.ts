import type { End, Turn } from '../state/conversation.ts';
import { t } from '../strings.ts';
import { formatCost, formatCount, formatSeconds } from './formats.ts';

/** Model, time, tokens and cost of an answer, as far as they are known. */
export function figures(end: End, turn: Turn | undefined): string {
  const parts: string[] = [];
  if (end.kind === 'answer' && end.model !== undefined) parts.push(end.model);
  // A later run began when it was asked for, which the log of the first does not tell.
  const took = turn?.ends[0] === end ? Date.parse(end.at ?? '') - Date.parse(turn.at ?? '') : Number.NaN;
  if (took >= 0) parts.push(t.took(formatSeconds(took)));
  if (end.kind === 'answer' && end.usage) {
    parts.push(t.tokens(formatCount(end.usage.input_tokens), formatCount(end.usage.output_tokens)));
    if (end.usage.cost !== undefined) parts.push(formatCost(end.usage.cost));
  }
  return parts.join(' · ');
}
