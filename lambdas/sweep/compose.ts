import { requestTopic } from '../shared/adapters/kafka/topics.ts';
import { kafkaPublisher, memoryStore, sessionStores } from '../shared/compose.ts';
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
