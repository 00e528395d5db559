import { randomUUID } from 'node:crypto';
import type { NewRecord, StoredRecord } from '../kafka/wire/record-batch.ts';
import { type EventOrigin, kafkaEvent } from './kafka-event.ts';

/** Why the event source gave a record up. */
export type FailureCondition = 'RetriesExhausted' | 'RecordAgeExceeded' | 'MaximumPayloadSizeExceeded';

/**
 * What Lambda writes to a Kafka topic as on-failure destination (kafka-on-failure-destination.html): the metadata and
 * the event with the one record as JSON, under the record's own key.
 */
export function failureRecord(
  origin: EventOrigin & { functionArn: string },
  partition: number,
  record: StoredRecord,
  failure: { condition: FailureCondition; invokeCount: number; functionError?: string | undefined },
): NewRecord {
  const payload = kafkaEvent(origin, partition, [record]);
  const wasInvoked = failure.invokeCount > 0;
  const document = {
    requestContext: {
      requestId: randomUUID(),
      functionArn: `${origin.functionArn}:$LATEST`,
      condition: failure.condition,
      approximateInvokeCount: failure.invokeCount,
    },
    responseContext: wasInvoked
      ? {
          statusCode: 200,
          executedVersion: '$LATEST',
          ...(failure.functionError ? { functionError: failure.functionError } : {}),
        }
      : null,
    version: '1.0',
    timestamp: new Date().toISOString(),
    KafkaBatchInfo: {
      batchSize: 1,
      eventSourceArn: origin.eventSourceArn,
      bootstrapServers: origin.bootstrapServers,
      payloadSize: Buffer.byteLength(JSON.stringify(payload)),
      recordInfo: { offset: String(record.offset), timestamp: new Date(record.timestamp).toISOString() },
    },
    payload,
  };
  return { key: record.key, value: Buffer.from(JSON.stringify(document)), headers: [] };
}
