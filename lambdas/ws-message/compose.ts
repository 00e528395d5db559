import { requestTopic } from '../shared/adapters/kafka/topics.ts';
import { Functions } from '../shared/adapters/lambda/functions.ts';
import { kafkaPublisher } from '../shared/compose/kafka.ts';
import { connectionStore, sessionStores } from '../shared/compose/stores.ts';
import { setting } from '../shared/platform/env.ts';
import { createMessage } from './message.ts';

const { sessions, log, markers } = sessionStores();
const publish = requestTopic(kafkaPublisher('ws-message'), setting('REQUESTS_TOPIC'));
const functions = new Functions();
const responder = setting('RESPONDER_FUNCTION');

export const message = createMessage({
  sessions,
  log,
  markers,
  connections: connectionStore(),
  now: () => new Date(),
  publish,
  broadcast: async (session_id, frames) => functions.invoke(responder, { action: 'deliver', session_id, frames }),
});
