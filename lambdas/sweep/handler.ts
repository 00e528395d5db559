import { edge } from '../shared/platform/edge.ts';
import { sweep } from './compose.ts';

/** Every minute: picks up what was accepted and has not ended, and what a deletion left. */
export const handler = edge('sweep', sweep);
