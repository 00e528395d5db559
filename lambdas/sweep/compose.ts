import { requestTopic } from '../shared/adapters/kafka/topics.ts';
import { kafkaPublisher } from '../shared/compose/kafka.ts';
import { memoryStore, sessionStores } from '../shared/compose/stores.ts';
import { setting } from '../shared/platform/env.ts';
import { createSweep } from './sweep.ts';

const { sessions, log, clearLog } = sessionStores();

export const sweep = createSweep({
  sessions,
  log,
  clearLog,
  memory: memoryStore(),
  publish: requestTopic(kafkaPublisher('sweep'), setting('REQUESTS_TOPIC')),
  now: Date.now,
});
