import type { AgentResult, ConversationCall } from '../contracts/calls.ts';
import type { Exchange } from './memory.ts';

/** What an exchange that memory holds says about its call. */
export function resultOf({ answer, status, model, usage }: Exchange): AgentResult {
  if (status === 'cancelled') return { status, partial: answer };
  return { status, text: answer, ...(model !== undefined && { model }), ...(usage && { usage }) };
}

/** An asynchronous payload holds 1 MB of JSON, escapes included. */
const maxAnswerBytes = 200_000;

/** What did not become an answer is kept in the session's item while it is handed over. */
const maxPartialLength = 2_000;

/** A result small enough to travel: longer texts are left in memory, for the supervisor to fetch. */
export function portable(result: AgentResult, { question_seq }: Pick<ConversationCall, 'question_seq'>): AgentResult {
  switch (result.status) {
    case 'complete':
      if (Buffer.byteLength(result.text) <= maxAnswerBytes) return result;
      return { ...result, text: '', exchange: question_seq };
    case 'cancelled':
      if (result.partial.length <= maxPartialLength) return result;
      return { ...result, partial: '', exchange: question_seq };
    case 'failed':
      // Memory has none of it, and the log has no place for it: its beginning is for those who read the topic.
      return result.partial === undefined ? result : { ...result, partial: result.partial.slice(0, maxPartialLength) };
  }
}
