import type { ReplyFrame, ServerFrame } from '../shared/contracts/server-frames.ts';
import { ChatError } from '../shared/domain/errors.ts';

export const unexpected: ReplyFrame = {
  type: 'error',
  code: 'internal',
  message: 'Something went wrong here; please send it again.',
};

/** A frame as the answer of a route with a route response; without one nothing is sent. */
export function replyOf(frame: ServerFrame | undefined): { statusCode: number; body?: string } {
  return { statusCode: 200, ...(frame && { body: JSON.stringify(frame) }) };
}

/** The `error` frame of a failure that was expected; others are thrown on. */
export function errorFrame(error: unknown, message_id?: string): ReplyFrame {
  if (!(error instanceof ChatError)) throw error;
  return { type: 'error', code: error.code, message: error.message, ...(message_id !== undefined && { message_id }) };
}
