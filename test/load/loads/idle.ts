import { setTimeout as sleep } from 'node:timers/promises';
import type { ProductBench } from '../bench.ts';

/** After this long without work the pollers have slowed down as far as they do. */
const settleMs = 17_000;
const watchedMs = 20_000;

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
