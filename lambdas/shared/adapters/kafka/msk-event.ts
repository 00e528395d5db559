import { createHash } from 'node:crypto';
import type { MSKEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import type { DeadRecord } from '../../contracts/calls.ts';
import { isUuid } from '../../contracts/ids.ts';
import { step, type Trail } from '../../contracts/steps.ts';
import { traceparentOr } from '../../platform/trace.ts';

/** A Kafka record as an event source hands it over. */
export interface ConsumedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Base64; null for none. */
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  /** ARN of the cluster: it names the broker's incarnation, without which offsets mean nothing. */
  readonly source: string;
}

/** All records of an event, in order of their offsets in each partition. */
export function recordsOf(event: MSKEvent): ConsumedRecord[] {
  return Object.values(event.records).flatMap((records) =>
    records.map((record) => ({
      topic: record.topic,
      partition: record.partition,
      offset: record.offset,
      key: record.key ?? null,
      value: record.value ?? null,
      headers: headersOf(record.headers),
      timestamp: record.timestamp,
      source: event.eventSourceArn,
    })),
  );
}

function headersOf(headers: { [name: string]: number[] }[] = []): Record<string, string> {
  const pairs = headers.flatMap((header) => Object.entries(header));
  return Object.fromEntries(pairs.map(([name, bytes]) => [name, Buffer.from(bytes).toString('utf8')]));
}

/** The value as JSON; undefined when it is none. */
export function jsonOf(record: ConsumedRecord): unknown {
  if (record.value === null) return undefined;
  try {
    return JSON.parse(Buffer.from(record.value, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A way has 17 steps; whatever a foreign header claims, it is to fit an item, and a call, with room around it. */
const steps = z.array(step).check(z.maxLength(100));

/** The trace context and the steps that travelled in the headers; foreign records begin a trail of their own. */
export function trailOf(record: ConsumedRecord): Trail {
  const traceparent = traceparentOr(record.headers.traceparent);
  try {
    const parsed = steps.safeParse(JSON.parse(record.headers.steps ?? '[]'));
    return { traceparent, steps: parsed.success ? parsed.data : [] };
  } catch {
    return { traceparent, steps: [] };
  }
}

/** Header of a record that was set aside and comes again: what it was known by before. */
const recordIdHeader = 'record-id';

/**
 * An id for a record that brings none in its value: the same each time the record is delivered, or sent again after it
 * was set aside, and no other record's.
 */
export function recordId(record: ConsumedRecord): string {
  const known = record.headers[recordIdHeader];
  if (isUuid(known)) return known.toLowerCase();
  return nameUuid(`${record.source} ${record.topic} ${record.partition} ${record.offset}`);
}

/** A UUID (version 8, RFC 9562) made from a name: equal names give equal ids. */
export function nameUuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A record as it goes to a dead-letter topic, with the id that it is known by wherever it may be sent again. */
export function deadRecordOf(record: ConsumedRecord, reason: string): DeadRecord {
  const { topic, partition, offset, key, value } = record;
  const headers = { ...record.headers, [recordIdHeader]: recordId(record) };
  return { topic, partition, offset, key, value, headers, reason };
}

/** How a function says which records failed: the event source reads a report, or, without provisioned pollers, does not. */
export type FailureMode = 'report' | 'throw';

/**
 * What an event source wants back: the records to deliver again; none means that all is well. Where it would take a
 * report for success, throws, so that the whole batch comes again: what had succeeded in it is known as a repeat.
 */
export function failuresOf(failed: readonly ConsumedRecord[], mode: FailureMode) {
  if (mode === 'throw' && failed.length > 0)
    throw new Error(`${failed.length} records failed; deliver the batch again.`);
  return {
    batchItemFailures: failed.map(({ topic, partition, offset }) => ({
      itemIdentifier: { partition: `${topic}-${partition}`, offset },
    })),
  };
}

/**
 * Handles records session by session: the sessions side by side, each one's records in order. A record that fails is
 * reported together with what follows it in its session, so that nothing overtakes it.
 */
export async function eachBySession(
  records: readonly ConsumedRecord[],
  handle: (record: ConsumedRecord) => Promise<void>,
  failed: (record: ConsumedRecord, error: unknown) => void,
): Promise<ConsumedRecord[]> {
  const bySession = Map.groupBy(records, ({ key, partition, offset }) => key ?? `${partition}/${offset}`);
  const left = await Promise.all(
    [...bySession.values()].map(async (group) => {
      for (const [index, record] of group.entries()) {
        try {
          await handle(record);
        } catch (error) {
          failed(record, error);
          return group.slice(index);
        }
      }
      return [];
    }),
  );
  return left.flat();
}
