import { dev } from './dev.ts';
import type { StageSettings } from './schema.ts';

/** As `dev`, without the event pollers' $135 a month. What that loses is said at synth (`onDemandLosses`). */
export const cheap: StageSettings = {
  ...dev,
  stage: 'cheap',
  eventSource: { ...dev.eventSource, mode: 'on-demand' },
  functions: {
    ...dev.functions,
    // $3.40 less for a million turns, for a first token some 40 ms later; what it holds leaves 60 MB free.
    conversation: { ...dev.functions.conversation, memoryMb: 192 },
  },
};
