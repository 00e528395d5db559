import { authentication, connectionStore, sessionStores } from '../shared/compose.ts';
import { createConnect } from './connect.ts';

const { table, sessions } = sessionStores();
const { authenticate } = authentication(table);

export const connect = createConnect({ sessions, connections: connectionStore(), authenticate });
