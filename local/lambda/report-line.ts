import type { FunctionSpec } from '../template/model.ts';

/**
 * The line with which Lambda ends an invocation's log: duration in milliseconds, and that rounded up, which is billed.
 * Source: docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html. What it tells of memory is left out: threads share a heap.
 */
export function reportLine({ memoryMb }: FunctionSpec, requestId: string, ms: number): string {
  const [duration, billed] = [ms.toFixed(2), Math.ceil(ms)];
  return `REPORT RequestId: ${requestId}\tDuration: ${duration} ms\tBilled Duration: ${billed} ms\tMemory Size: ${memoryMb} MB`;
}
