import { describe, expect, it } from 'vitest';
import { failureRecord } from '../../../local/event-source/failure-record.ts';
import { kafkaEvent, payloadBytes } from '../../../local/event-source/kafka-event.ts';
import type { StoredRecord } from '../../../local/kafka/wire/record-batch.ts';

const origin = {
  eventSourceArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/chat/11111111-2222-3333-4444-555555555555-1',
  bootstrapServers: '127.0.0.1:9092',
  topic: 'chat-requests',
  functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:supervisor',
};

const record: StoredRecord = {
  offset: 15,
  timestamp: 1_545_084_650_987,
  timestampType: 'CREATE_TIME',
  key: Buffer.from('ключ'),
  value: Buffer.from('{"a":1}'),
  headers: [
    { key: 'traceparent', value: Buffer.from([0x30, 0xff]) },
    { key: 'traceparent', value: null },
  ],
};

describe('the event of a Kafka event source', () => {
  it('has the shape that Lambda documents', () => {
    expect(kafkaEvent(origin, 0, [record])).toEqual({
      eventSource: 'aws:kafka',
      eventSourceArn: origin.eventSourceArn,
      bootstrapServers: '127.0.0.1:9092',
      records: {
        'chat-requests-0': [
          {
            topic: 'chat-requests',
            partition: 0,
            offset: 15,
            timestamp: 1_545_084_650_987,
            timestampType: 'CREATE_TIME',
            key: Buffer.from('ключ').toString('base64'),
            value: 'eyJhIjoxfQ==',
            headers: [{ traceparent: [48, 255] }, { traceparent: [] }],
          },
        ],
      },
    });
  });

  it('leaves out the key and the value that a record does not have', () => {
    const [event] = Object.values(kafkaEvent(origin, 0, [{ ...record, key: null, value: null }]).records);
    expect(event?.[0]).not.toHaveProperty('key');
    expect(event?.[0]).not.toHaveProperty('value');
  });

  it('is never larger than it is reckoned to be', () => {
    const events = Object.values(kafkaEvent(origin, 3, [record]).records).flat();
    expect(JSON.stringify(events).length).toBeLessThan(payloadBytes(record));
  });
});

describe('what an event source writes about a record it gave up', () => {
  it('has the shape that Lambda documents, under the key of the record', () => {
    const why = { condition: 'RetriesExhausted' as const, invokeCount: 6, functionError: 'Unhandled' };
    const written = failureRecord(origin, 0, record, why);
    expect(written.key).toEqual(record.key);
    expect(JSON.parse(String(written.value))).toEqual({
      requestContext: {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionArn: `${origin.functionArn}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: 6,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      KafkaBatchInfo: {
        batchSize: 1,
        eventSourceArn: origin.eventSourceArn,
        bootstrapServers: origin.bootstrapServers,
        payloadSize: JSON.stringify(kafkaEvent(origin, 0, [record])).length,
        recordInfo: { offset: '15', timestamp: '2018-12-17T22:10:50.987Z' },
      },
      payload: kafkaEvent(origin, 0, [record]),
    });
  });
});
