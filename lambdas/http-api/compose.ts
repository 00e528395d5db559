import { ApiGatewaySockets } from '../shared/adapters/websocket/sockets.ts';
import { authentication } from '../shared/compose/authentication.ts';
import { connectionStore, memoryStore, sessionStores } from '../shared/compose/stores.ts';
import { setting } from '../shared/platform/env.ts';
import { createLogger } from '../shared/platform/logger.ts';
import { createRouter } from './router.ts';

const stores = sessionStores();

export const route = createRouter({
  ...stores,
  ...authentication(stores.table),
  memory: memoryStore(),
  connections: connectionStore(),
  sockets: new ApiGatewaySockets(setting('CALLBACK_URL'), createLogger('http-api')),
  model: setting('OPENAI_MODEL'),
});
