import { randomUUID } from 'node:crypto';
import { createChatModel } from '../shared/adapters/openai/chat-model.ts';
import { renewModelKey } from '../shared/adapters/openai/model-key.ts';
import { ApiGatewaySockets } from '../shared/adapters/websocket/sockets.ts';
import { connectionStore, memoryStore, sessionStores } from '../shared/compose/stores.ts';
import { setting } from '../shared/platform/env.ts';
import { createLogger } from '../shared/platform/logger.ts';
import { createConverse } from './converse.ts';
import { createConversationGraph } from './graph.ts';

const { sessions, log } = sessionStores();

const limits = { idleMs: Number(setting('MODEL_IDLE_MS')), totalMs: Number(setting('MODEL_TOTAL_MS')) };

export const converse = createConverse({
  sessions,
  log,
  connections: connectionStore(),
  sockets: new ApiGatewaySockets(setting('CALLBACK_URL'), createLogger('conversation')),
  memory: memoryStore(),
  graph: async () => createConversationGraph(await createChatModel(), limits, renewModelKey),
  now: Date.now,
  newId: randomUUID,
});
