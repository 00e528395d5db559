import { edge } from '../shared/platform/edge.ts';
import { connect } from './compose.ts';

/** `$connect`: decides on a handshake. */
export const handler = edge('ws-connect', connect, () => ({ statusCode: 500 }));
