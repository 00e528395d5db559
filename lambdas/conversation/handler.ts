import { edge } from '../shared/platform/edge.ts';
import { converse } from './compose.ts';

/** Runs the LLM graph for one question. Invoked asynchronously; what it returns goes to the supervisor. */
export const handler = edge('conversation', converse);
