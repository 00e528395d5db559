import { Functions } from '../shared/adapters/lambda/functions.ts';
import { ApiGatewaySockets } from '../shared/adapters/websocket/sockets.ts';
import { connectionStore, sessionStores } from '../shared/compose/stores.ts';
import { setting } from '../shared/platform/env.ts';
import { createLogger } from '../shared/platform/logger.ts';
import { createRespond } from './respond.ts';

const { sessions, log, markers, traces, clearLog } = sessionStores();
const functions = new Functions();
const supervisor = setting('SUPERVISOR_FUNCTION');
const deadLetter = setting('DEAD_LETTER_FUNCTION');

export const respond = createRespond({
  sessions,
  log,
  markers,
  failureMode: setting('BATCH_FAILURES') === 'throw' ? 'throw' : 'report',
  clearLog,
  connections: connectionStore(),
  sockets: new ApiGatewaySockets(setting('CALLBACK_URL'), createLogger('responder')),
  advance: async (session_id) => functions.invoke(supervisor, { action: 'advance', session_id }),
  keepTrace: async (sessionId, messageId, trail) => traces.keep(sessionId, messageId, trail),
  setAside: async (record) => functions.invoke(deadLetter, record),
});
