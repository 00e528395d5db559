import { deadLetterTopic } from '../shared/adapters/kafka/topics.ts';
import { kafkaPublisher } from '../shared/compose/kafka.ts';
import { deadRecord } from '../shared/contracts/calls.ts';
import { edge } from '../shared/platform/edge.ts';
import { setting } from '../shared/platform/env.ts';

const setAside = deadLetterTopic(kafkaPublisher('dead-letter'), setting('RESPONSES_DLT'));

/** Writes a bad record of `chat-responses` to its dead-letter topic, for the responder, which Kafka is out of reach of. */
export const handler = edge('dead-letter', async (event: unknown, { logger }) => {
  const record = deadRecord.parse(event);
  await setAside(record);
  const { topic, partition, offset, reason } = record;
  logger.log('warn', 'set aside', { topic, partition, offset, reason });
});
