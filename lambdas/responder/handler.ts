import { edge } from '../shared/platform/edge.ts';
import { respond } from './compose.ts';

/** Stores ends and pushes them: for records of `chat-responses`; and pushes what other functions have stored. */
export const handler = edge('responder', respond);
