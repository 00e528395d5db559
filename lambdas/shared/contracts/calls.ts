import * as z from 'zod/mini';
import { failureCodes } from './log-events.ts';
import { step } from './steps.ts';

/** What the supervisor asks the conversation function to do; the payload of an asynchronous invocation. */
export const conversationCall = z.object({
  call_id: z.string(),
  /** From 1; raised when the outcome of the one before was lost. */
  attempt: z.number(),
  /** How often the call was sent, where more than once: who reports that it was lost is heard only about the last time. */
  sent: z.optional(z.number()),
  session_id: z.string(),
  message_id: z.string(),
  /** `seq` of the request: of the question itself, or of its regeneration. */
  seq: z.number(),
  /** `seq` of the question. */
  question_seq: z.number(),
  /** What the model was told from this `seq` on is to be forgotten: the question is an edit of the one there. */
  forget_from: z.optional(z.number()),
  message: z.string(),
  traceparent: z.string(),
  steps: z.array(step),
});
export type ConversationCall = z.infer<typeof conversationCall>;

const usage = z.object({ input_tokens: z.number(), output_tokens: z.number(), total_tokens: z.number() });

/** How a call to an agent ended. Expected failures are data, so that they need no retry of the platform. */
export const agentResult = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('complete'),
    /** Empty where it would not fit a payload; then `exchange` tells where memory has it. */
    text: z.string(),
    /** `seq` of the question in the LLM memory. */
    exchange: z.optional(z.number()),
    model: z.optional(z.string()),
    usage: z.optional(usage),
  }),
  z.object({
    status: z.literal('failed'),
    code: z.enum(failureCodes),
    reason: z.string(),
    partial: z.optional(z.string()),
  }),
  z.object({
    status: z.literal('cancelled'),
    /** Empty where it is long; then `exchange` tells where memory has it. */
    partial: z.string(),
    exchange: z.optional(z.number()),
  }),
]);
export type AgentResult = z.infer<typeof agentResult>;

/** The conversation function's answer, carried back to the supervisor by the destination. */
export const conversationReply = z.object({
  call_id: z.string(),
  attempt: z.number(),
  session_id: z.string(),
  /** None when the call was not ours to answer: it is a duplicate, or a later attempt has taken over. */
  result: z.optional(agentResult),
  steps: z.array(step),
});
export type ConversationReply = z.infer<typeof conversationReply>;

/** Asks the supervisor to start what is next in a session. */
export const advance = z.object({ action: z.literal('advance'), session_id: z.string() });

/** Asks the responder to push what another function has stored. */
export const deliver = z.object({
  action: z.literal('deliver'),
  session_id: z.string(),
  frames: z.array(z.record(z.string(), z.unknown())),
});

/** A Kafka record that its consumer could not use. */
export const deadRecord = z.object({
  topic: z.string(),
  partition: z.number(),
  offset: z.number(),
  /** Key and value are base64, unchanged. */
  key: z.nullable(z.string()),
  value: z.nullable(z.string()),
  headers: z.record(z.string(), z.string()),
  reason: z.string(),
});
export type DeadRecord = z.infer<typeof deadRecord>;
