import { requestTopic } from '../shared/adapters/kafka/topics.ts';
import { Functions } from '../shared/adapters/lambda/functions.ts';
import { authentication } from '../shared/compose/authentication.ts';
import { kafkaPublisher } from '../shared/compose/kafka.ts';
import { sessionStores } from '../shared/compose/stores.ts';
import { setting } from '../shared/platform/env.ts';
import { createPostMessage } from './post-message.ts';

const { table, sessions, log, markers } = sessionStores();
const publish = requestTopic(kafkaPublisher('http-message'), setting('REQUESTS_TOPIC'));
const functions = new Functions();
const responder = setting('RESPONDER_FUNCTION');

export const postMessage = createPostMessage({
  sessions,
  log,
  markers,
  authenticate: authentication(table).authenticate,
  now: () => new Date(),
  publish,
  broadcast: async (session_id, frames) => functions.invoke(responder, { action: 'deliver', session_id, frames }),
});
