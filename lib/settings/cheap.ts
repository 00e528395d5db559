import { dev } from './dev.ts';
import type { StageSettings } from './schema.ts';

/** As `dev`, without the event pollers' $135 a month. What that loses is said at synth (`onDemandLosses`). */
export const cheap: StageSettings = {
  ...dev,
  stage: 'cheap',
  eventSource: { ...dev.eventSource, mode: 'on-demand' },
};
