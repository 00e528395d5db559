import { edge } from '../shared/platform/edge.ts';
import { disconnect } from './compose.ts';

/** `$disconnect`: forgets a socket. */
export const handler = edge('ws-disconnect', disconnect, () => ({ statusCode: 500 }));
