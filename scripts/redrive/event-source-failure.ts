import type { NewRecord, StoredRecord } from '../../local/kafka/wire/record-batch.ts';
import { isObject, jsonOf } from '../kafka/read.ts';

/** What Lambda's event source tells of a record that it gave up. */
export interface EventSourceFailure {
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly at: number | undefined;
  /** ARN of the cluster. */
  readonly source: string;
  /** The record and where it stood; undefined where only the failure is described. */
  readonly given:
    | { readonly topic: string; readonly partition: number; readonly offset: number; readonly record: NewRecord }
    | undefined;
}

interface EventRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key?: string | null;
  readonly value?: string | null;
  readonly headers?: readonly Readonly<Record<string, readonly number[]>>[];
}

interface Document {
  readonly requestContext: { readonly condition?: string; readonly approximateInvokeCount?: number };
  readonly timestamp?: string;
  readonly KafkaBatchInfo: { readonly eventSourceArn?: string };
  /** The event with the record. Text for S3, missing for queues and notifications, which get the metadata alone. */
  readonly payload?: unknown;
}

/**
 * Reads what an event source writes to its on-failure destination; undefined for any other record. Source:
 * docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure-destination.html, kafka-on-failure.html
 */
export function eventSourceFailure({ value }: StoredRecord): EventSourceFailure | undefined {
  const read = jsonOf(value);
  if (!isObject(read) || !isObject(read.requestContext) || !isObject(read.KafkaBatchInfo)) return undefined;
  const { requestContext, timestamp, KafkaBatchInfo, payload } = read as unknown as Document;
  const { condition = 'It does not say', approximateInvokeCount = 0 } = requestContext;
  const record = onlyRecord(payload);
  return {
    reason: `${condition}: the event source gave it up after ${approximateInvokeCount} invocations.`,
    at: Date.parse(timestamp ?? '') || undefined,
    source: KafkaBatchInfo.eventSourceArn ?? '',
    given: record && {
      topic: record.topic,
      partition: record.partition,
      offset: record.offset,
      record: { key: bytes(record.key), value: bytes(record.value), headers: headersOf(record) },
    },
  };
}

/** A Kafka destination gets one record each; of several, as S3 has them, none can be sent by this name. */
function onlyRecord(payload: unknown): EventRecord | undefined {
  const event = typeof payload === 'string' ? jsonOf(Buffer.from(payload)) : payload;
  if (!isObject(event) || !isObject(event.records)) return undefined;
  const records = Object.values(event.records).flat() as EventRecord[];
  return records.length === 1 ? records[0] : undefined;
}

function headersOf({ headers = [] }: EventRecord) {
  return headers.flatMap((entry) =>
    Object.entries(entry).map(([key, numbers]) => ({ key, value: Buffer.from(numbers) })),
  );
}

function bytes(value: string | null | undefined): Buffer | null {
  return typeof value === 'string' ? Buffer.from(value, 'base64') : null;
}
