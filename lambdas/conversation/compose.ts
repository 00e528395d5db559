import { randomUUID } from 'node:crypto';
import { createChatModel } from '../shared/adapters/openai/chat-model.ts';
import { memoryStore, sessionStores } from '../shared/compose/stores.ts';
import { createConverse } from './converse.ts';
import { createConversationGraph } from './graph.ts';

const { sessions } = sessionStores();

export const converse = createConverse({
  sessions,
  memory: memoryStore(),
  graph: async () => createConversationGraph(await createChatModel()),
  now: Date.now,
  newId: randomUUID,
});
