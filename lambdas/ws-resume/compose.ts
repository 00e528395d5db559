import { ApiGatewaySockets } from '../shared/adapters/websocket/sockets.ts';
import { connectionStore, sessionStores } from '../shared/compose/stores.ts';
import { setting } from '../shared/platform/env.ts';
import { createLogger } from '../shared/platform/logger.ts';
import { createResume } from './resume.ts';

const { sessions, log } = sessionStores();
const sockets = new ApiGatewaySockets(setting('CALLBACK_URL'), createLogger('ws-resume'));

export const resume = createResume({ sessions, log, connections: connectionStore(), sockets });
