import type { MSKEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { advance, conversationCall, conversationReply } from '../shared/contracts/calls.ts';

const destination = z.object({
  requestContext: z.object({ condition: z.string() }),
  requestPayload: conversationCall,
  responsePayload: z.optional(z.unknown()),
});

/** What the supervisor is invoked with. */
export type SupervisorEvent =
  | { readonly kind: 'records'; readonly event: MSKEvent }
  | { readonly kind: 'reply'; readonly reply: z.infer<typeof conversationReply>; readonly traceparent: string }
  | { readonly kind: 'lost'; readonly call: z.infer<typeof conversationCall>; readonly condition: string }
  | { readonly kind: 'advance'; readonly session_id: string };

/** Tells the kinds of events apart. Throws for one that is none of them. */
export function parseSupervisorEvent(event: unknown): SupervisorEvent {
  if ((event as { eventSource?: unknown } | null)?.eventSource === 'aws:kafka') {
    return { kind: 'records', event: event as MSKEvent };
  }
  const told = advance.safeParse(event);
  if (told.success) return { kind: 'advance', session_id: told.data.session_id };
  const { requestContext, requestPayload, responsePayload } = destination.parse(event);
  const reply = conversationReply.safeParse(responsePayload);
  if (requestContext.condition === 'Success' && reply.success) {
    return { kind: 'reply', reply: reply.data, traceparent: requestPayload.traceparent };
  }
  return { kind: 'lost', call: requestPayload, condition: requestContext.condition };
}
