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

const usage = z.object({ input_tokens: z.number(), output_tokens: z.number(), total_tokens: z.number() });

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
  agent: z.optional(z.string()),
  model: z.optional(z.string()),
  usage: z.optional(usage),
});
export type ChatResponse = z.infer<typeof chatResponse>;
