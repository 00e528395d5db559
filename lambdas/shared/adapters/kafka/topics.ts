import type { DeadRecord } from '../../contracts/calls.ts';
import { type ChatRequest, type ChatResponse, schemaVersion } from '../../contracts/records.ts';
import type { Trail } from '../../contracts/steps.ts';
import type { KafkaPublisher } from './publisher.ts';

/** Headers of our records: trace context, schema version, and the steps so far for the trace route. */
export function trailHeaders({ traceparent, steps }: Trail): Record<string, string> {
  return { traceparent, schema: schemaVersion, steps: JSON.stringify(steps) };
}

/** `chat-requests`, keyed by session so that a session's records stay in one partition. */
export function requestTopic(publisher: KafkaPublisher, topic: string) {
  return async (request: ChatRequest, trail: Trail): Promise<void> =>
    publisher.send({ topic, key: request.session_id, value: JSON.stringify(request), headers: trailHeaders(trail) });
}

/** `chat-responses`, keyed likewise. */
export function responseTopic(publisher: KafkaPublisher, topic: string) {
  return async (response: ChatResponse, trail: Trail): Promise<void> =>
    publisher.send({ topic, key: response.session_id, value: JSON.stringify(response), headers: trailHeaders(trail) });
}

/** A dead-letter topic: key, value and headers unchanged, with why, where from and when beside them. */
export function deadLetterTopic(publisher: KafkaPublisher, topic: string) {
  return async (record: DeadRecord): Promise<void> =>
    publisher.send({
      topic,
      key: record.key === null ? null : Buffer.from(record.key, 'base64'),
      value: record.value === null ? null : Buffer.from(record.value, 'base64'),
      headers: {
        ...record.headers,
        'dead-letter-reason': record.reason,
        'dead-letter-topic': record.topic,
        'dead-letter-partition': String(record.partition),
        'dead-letter-offset': String(record.offset),
        'dead-letter-at': new Date().toISOString(),
      },
    });
}
