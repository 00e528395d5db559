import { type Draft, type EndEvent, isRetryable } from '../shared/contracts/log-events.ts';
import type { ChatResponse } from '../shared/contracts/records.ts';

/** The end that a response record stands for; `fallbackId` names the answer of a producer that gave it no id. */
export function draftOf(response: ChatResponse, fallbackId: string, at: Date): Draft<EndEvent> {
  const { in_reply_to, ends } = response;
  const known = {
    message_id: (response.message_id ?? fallbackId).toLowerCase(),
    created_at: at.toISOString(),
    ...(in_reply_to !== undefined && { in_reply_to: in_reply_to.toLowerCase() }),
    ...(ends !== undefined && { ends }),
  };
  switch (response.status) {
    case 'failed': {
      const code = response.code ?? 'internal';
      const message = response.reason ?? 'The question could not be answered.';
      return { ...known, type: 'failed', code, message, retryable: isRetryable(code) };
    }
    case 'cancelled':
      return { ...known, type: 'cancelled', message: response.partial ?? '' };
    default: {
      const { agent, model, usage } = response;
      const origin = { ...(agent !== undefined && { agent }), ...(model !== undefined && { model }) };
      return { ...known, type: 'assistant', message: response.response, ...origin, ...(usage && { usage }) };
    }
  }
}
