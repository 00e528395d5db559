import { setTimeout as sleep } from 'node:timers/promises';
import type { ProductBench } from '../bench.ts';

/** After this long without work the pollers have slowed down as far as they do, and workers nobody needs have ended. */
const settleMs = 75_000;
/** A schedule that fires once a minute is among what is watched. */
const watchedMs = 60_000;

/** CPU and memory with nobody there. */
export async function idle({ metrics, usage }: ProductBench): Promise<void> {
  await sleep(settleMs);
  const before = usage();
  await sleep(watchedMs);
  const after = usage();
  if (!before || !after) return;
  const share = ((after.cpuMs - before.cpuMs) / watchedMs) * 100;
  metrics.add('idle: share of a core', share, { unit: '%', better: 'less', target: 1 });
  metrics.add('idle: resident', after.residentMb, { unit: 'MB', better: 'less' });
}
