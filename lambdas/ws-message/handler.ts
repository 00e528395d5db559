import { edge } from '../shared/platform/edge.ts';
import { message } from './compose.ts';
import { replyOf, unexpected } from './reply.ts';

/** `$default`: takes frames in. What it returns is the reply on the same socket. */
export const handler = edge('ws-message', message, () => replyOf(unexpected));
