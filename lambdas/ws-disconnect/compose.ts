import { connectionStore } from '../shared/compose/stores.ts';
import { createDisconnect } from './disconnect.ts';

export const disconnect = createDisconnect(connectionStore());
