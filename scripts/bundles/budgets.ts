import type { FunctionName } from '../../lib/functions/names.ts';

/** What a function's bundle may weigh, and what its import may take beyond that of an empty function. */
export interface Budget {
  readonly kib: number;
  readonly ms: number;
}

/** Sizes a tenth above, times by half above what was measured when they were set; a cold start pays for both. */
export const budgets: Readonly<Record<FunctionName, Budget>> = {
  'ws-connect': { kib: 210, ms: 60 },
  'ws-disconnect': { kib: 185, ms: 60 },
  'ws-message': { kib: 390, ms: 85 },
  'ws-resume': { kib: 245, ms: 65 },
  'http-api': { kib: 245, ms: 65 },
  'http-message': { kib: 390, ms: 85 },
  supervisor: { kib: 1020, ms: 130 },
  conversation: { kib: 1150, ms: 160 },
  responder: { kib: 260, ms: 65 },
  'dead-letter': { kib: 180, ms: 60 },
  sweep: { kib: 355, ms: 85 },
};
