import type { Metric } from './metrics.ts';

/** How a figure has changed between two runs. */
export interface Change {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** `noise`: the difference is within what the rounds of either run differ by, or within a tenth. */
  readonly verdict: 'better' | 'worse' | 'noise';
}

/** Half of what the rounds spread over; a quarter of the value where there is but one. */
function noise({ rounds, value }: Metric): number {
  if (rounds.length < 2) return Math.abs(value) / 4;
  return (Math.max(...rounds) - Math.min(...rounds)) / 2;
}

/** Compares the figures that both runs have. */
export function compare(before: readonly Metric[], after: readonly Metric[]): Change[] {
  const known = new Map(before.map((metric) => [metric.name, metric]));
  return after.flatMap((now) => {
    const then = known.get(now.name);
    if (!then || !Number.isFinite(then.value) || !Number.isFinite(now.value)) return [];
    const difference = now.value - then.value;
    const bound = Math.max(Math.abs(then.value) / 10, noise(then) + noise(now));
    const isBetter = now.better === 'less' ? difference < 0 : difference > 0;
    const verdict = Math.abs(difference) <= bound ? 'noise' : isBetter ? 'better' : 'worse';
    return [{ name: now.name, from: then.value, to: now.value, verdict }];
  });
}
