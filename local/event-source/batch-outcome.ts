/** What an invocation says about its batch. `failedFrom`: the lowest offset that is to be delivered again. */
export type BatchOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'partial'; readonly failedFrom: number };

export interface InvokeResult {
  /** The parsed JSON that the function returned. */
  readonly payload: unknown;
  /** `Unhandled` when the function threw or timed out. */
  readonly functionError?: string;
}

const done: BatchOutcome = { kind: 'done' };

/**
 * Reads a function's answer as Lambda does with ReportBatchItemFailures (kafka-retry-configurations.html): nothing, or
 * an empty list, is success; anything that does not name a record of the batch fails the whole batch. Records are
 * named by `{partition: "<topic>-<n>", offset}`; the guide has also called the first field `topic-partition`.
 */
export function batchOutcome(
  { payload, functionError }: InvokeResult,
  batch: { topicPartition: string; offsets: readonly number[]; reportsItems: boolean },
): BatchOutcome {
  if (functionError !== undefined) return { kind: 'failed', reason: functionError };
  if (!batch.reportsItems || !isObject(payload)) return done;
  const { batchItemFailures } = payload;
  if (batchItemFailures === undefined || batchItemFailures === null) return done;
  if (!Array.isArray(batchItemFailures)) return { kind: 'failed', reason: 'batchItemFailures is not a list' };
  if (batchItemFailures.length === 0) return done;

  const known = new Set(batch.offsets);
  let failedFrom = Number.POSITIVE_INFINITY;
  for (const failure of batchItemFailures) {
    const offset = failedOffset(failure, batch.topicPartition);
    if (offset === undefined || !known.has(offset)) {
      return {
        kind: 'failed',
        reason: `batchItemFailures names ${JSON.stringify(failure)}, not a record of the batch`,
      };
    }
    failedFrom = Math.min(failedFrom, offset);
  }
  return { kind: 'partial', failedFrom };
}

function failedOffset(failure: unknown, topicPartition: string): number | undefined {
  const identifier = isObject(failure) ? failure.itemIdentifier : undefined;
  if (!isObject(identifier)) return undefined;
  const partition = identifier.partition ?? identifier['topic-partition'];
  const { offset } = identifier;
  return partition === topicPartition && typeof offset === 'number' ? offset : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
