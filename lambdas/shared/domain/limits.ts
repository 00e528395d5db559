import { ChatError } from './errors.ts';

/**
 * Bytes of UTF-8 in one question. API Gateway takes WebSocket messages of 128 KiB, JSON escapes included, and what is
 * accepted must fit one DynamoDB item (400 KB) and one asynchronous payload (1 MB) with room around it.
 */
export const maxQuestionBytes = 100_000;

/** Characters of a session's title. */
export const maxTitleLength = 200;

/**
 * Questions of one session that may wait for their answers. Each turn looks through what waits: 500 of the longest are
 * 50 MB, read in a second, their texts left out.
 */
export const maxWaiting = 500;

export function queueIsFull(): ChatError {
  return new ChatError(
    'rate_limited',
    `${maxWaiting} questions of this session wait already; send more once some are answered.`,
  );
}

/** Checks a question. Throws `invalid_request` when it is empty and `too_large` when it is over the limit. */
export function checkQuestion(message: string): void {
  if (message.trim() === '') throw new ChatError('invalid_request', 'The message is empty.');
  const bytes = Buffer.byteLength(message);
  if (bytes > maxQuestionBytes) {
    throw new ChatError('too_large', `The message has ${bytes} bytes; the limit is ${maxQuestionBytes}.`);
  }
}
