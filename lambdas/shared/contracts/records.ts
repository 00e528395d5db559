import * as z from 'zod/mini';
import { uuid } from './ids.ts';
import { failureCodes } from './log-events.ts';

/** Version of the two schemas below, in the header `schema`. */
export const schemaVersion = '1';

/** Value of `chat-requests`. Three fields make a request; what we add ourselves is optional for others. */
export const chatRequest = z.object({
  session_id: uuid,
  message: z.string(),
  /** Epoch seconds, with a fraction. */
  timestamp: z.optional(z.number()),
  message_id: z.optional(uuid),
  /** Present when the message is in its session's log already. */
  seq: z.optional(z.int().check(z.positive())),
});
export type ChatRequest = z.infer<typeof chatRequest>;

/** Names and counts stand in an event's own item, which DynamoDB bounds: 400 KB, and 38 digits to a number. */
const name = z.string().check(z.maxLength(200));
const tokens = z.int().check(z.nonnegative());
const usage = z.object({ input_tokens: tokens, output_tokens: tokens, total_tokens: tokens });

/** Value of `chat-responses`. Two fields make a response; a failed or cancelled run says so in `status`. */
export const chatResponse = z.object({
  session_id: uuid,
  response: z.string(),
  timestamp: z.optional(z.number()),
  message_id: z.optional(uuid),
  in_reply_to: z.optional(uuid),
  /** `seq` of the request that this is the end of. */
  ends: z.optional(z.int().check(z.positive())),
  status: z.optional(z.enum(['complete', 'failed', 'cancelled'])),
  code: z.optional(z.enum(failureCodes)),
  /** Why it failed, in words for the person who asked. */
  reason: z.optional(z.string()),
  /** What had been written when it failed or was cancelled. */
  partial: z.optional(z.string()),
  agent: z.optional(name),
  model: z.optional(name),
  usage: z.optional(usage),
});
export type ChatResponse = z.infer<typeof chatResponse>;

/** Why a record's value is not what its topic takes, for whoever looks at it in the dead-letter topic. */
export function misfit(kind: string, { issues }: z.core.$ZodError): string {
  const field = issues[0]?.path.join('.');
  return field
    ? `It is not a ${kind}: \`${field}\` is missing or wrong.`
    : `It is not a ${kind}: it is no JSON object.`;
}
