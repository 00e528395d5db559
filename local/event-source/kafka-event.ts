import type { StoredRecord } from '../kafka/wire/record-batch.ts';

/** What Lambda hands to a function for records of one partition; with-msk.html of the Lambda developer guide. */
export interface KafkaEvent {
  readonly eventSource: 'aws:kafka';
  readonly eventSourceArn: string;
  readonly bootstrapServers: string;
  /** By `<topic>-<partition>`. */
  readonly records: Readonly<Record<string, readonly KafkaEventRecord[]>>;
}

export interface KafkaEventRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly timestampType: string;
  /** Base64; absent when the record has no key. */
  readonly key?: string;
  readonly value?: string;
  /** One entry per header, its value as numbers 0 to 255. */
  readonly headers: readonly Readonly<Record<string, readonly number[]>>[];
}

/** Where the records of an event come from. */
export interface EventOrigin {
  readonly eventSourceArn: string;
  readonly bootstrapServers: string;
  readonly topic: string;
}

export function kafkaEvent(origin: EventOrigin, partition: number, records: readonly StoredRecord[]): KafkaEvent {
  const { eventSourceArn, bootstrapServers, topic } = origin;
  const mapped = records.map((record) => eventRecord(topic, partition, record));
  const byPartition = { [`${topic}-${partition}`]: mapped };
  return { eventSource: 'aws:kafka', eventSourceArn, bootstrapServers, records: byPartition };
}

function eventRecord(topic: string, partition: number, record: StoredRecord): KafkaEventRecord {
  const { offset, timestamp, timestampType, key, value, headers } = record;
  return {
    topic,
    partition,
    offset,
    timestamp,
    timestampType,
    ...(key ? { key: key.toString('base64') } : {}),
    ...(value ? { value: value.toString('base64') } : {}),
    headers: headers.map((header) => ({ [header.key]: [...(header.value ?? [])] })),
  };
}

/** Lambda's limit for one invocation's payload. */
export const maxPayloadBytes = 6 * 1024 * 1024;

/** Upper bound of a record's share of the event's JSON: base64 for key and value, up to four bytes per header byte. */
export function payloadBytes({ key, value, headers }: StoredRecord): number {
  const headerBytes = headers.reduce((sum, header) => sum + header.key.length + 8 + 4 * (header.value?.length ?? 0), 0);
  return 400 + base64Length(key) + base64Length(value) + headerBytes;
}

function base64Length(bytes: Buffer | null): number {
  return bytes ? Math.ceil(bytes.length / 3) * 4 : 0;
}
