import { edge } from '../shared/platform/edge.ts';
import { resume } from './compose.ts';

const failed = { type: 'error', code: 'internal', message: 'Something went wrong here; please resume again.' };

/** Route `resume`: replays what a client missed. */
export const handler = edge('ws-resume', resume, () => ({ statusCode: 200, body: JSON.stringify(failed) }));
