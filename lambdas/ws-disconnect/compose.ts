import { connectionStore } from '../shared/compose.ts';
import { createDisconnect } from './disconnect.ts';

export const disconnect = createDisconnect(connectionStore());
