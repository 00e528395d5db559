import { edge } from '../shared/platform/edge.ts';
import { supervise } from './compose.ts';

/** Runs the supervisor's graph: for records of `chat-requests`, for outcomes of agents, and on being told to go on. */
export const handler = edge('supervisor', supervise);
