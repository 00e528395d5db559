import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Keeps what an asynchronous call sends to an SQS queue in its last resort: a line of JSON for each message, in a file with
 * the queue's name. Nobody receives from queues offline, so that is all of one.
 */
export function keepInQueue(folder: string, queueArn: string, message: string): string {
  const file = join(folder, `${queueArn.split(':').at(-1)}.jsonl`);
  mkdirSync(folder, { recursive: true });
  appendFileSync(file, `${message}\n`);
  return file;
}

export const isQueue = (arn: string): boolean => arn.split(':')[2] === 'sqs';
