import { problem } from '../shared/http/problem.ts';
import { edge } from '../shared/platform/edge.ts';
import { route } from './compose.ts';

/** Every HTTP route but the one that sends a message. */
export const handler = edge('http-api', route, problem);
