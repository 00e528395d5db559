import { problem } from '../shared/http/problem.ts';
import { edge } from '../shared/platform/edge.ts';
import { postMessage } from './compose.ts';

/** `POST /api/sessions/{session_id}/messages`. Apart from the other routes because it produces, and so lives in the VPC. */
export const handler = edge('http-message', postMessage, problem);
