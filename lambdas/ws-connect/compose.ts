import { authentication } from '../shared/compose/authentication.ts';
import { connectionStore, sessionStores } from '../shared/compose/stores.ts';
import { createConnect } from './connect.ts';

const { table, sessions } = sessionStores();
const { authenticate } = authentication(table);

export const connect = createConnect({ sessions, connections: connectionStore(), authenticate });
