import { median } from './percentiles.ts';

/** One figure of a run. */
export interface Metric {
  readonly name: string;
  readonly unit: 'ms' | 's' | '/s' | 'MB' | 'KiB' | '%' | 'x' | '$' | '';
  readonly better: 'less' | 'more';
  /** Median of the rounds. */
  readonly value: number;
  readonly rounds: readonly number[];
  /** What it is to be: at most, or at least, by `better`. */
  readonly target?: number;
}

/** Collects figures, round by round. */
export class Metrics {
  readonly #known = new Map<string, Omit<Metric, 'value'>>();

  /** Adds a round to a figure; what it is is told the first time. */
  add(name: string, value: number, what: Pick<Metric, 'unit' | 'better' | 'target'>): void {
    const rounds = this.#known.get(name)?.rounds ?? [];
    this.#known.set(name, { name, ...what, rounds: [...rounds, value] });
  }

  all(): Metric[] {
    return [...this.#known.values()].map((known) => ({ ...known, value: median(known.rounds) }));
  }
}

/** False where a figure misses its target. */
export function meets({ value, better, target }: Metric): boolean {
  if (target === undefined) return true;
  return better === 'less' ? value <= target : value >= target;
}
