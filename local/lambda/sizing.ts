import type { PoolLimits } from './pool-limits.ts';
import { ProcessorUse } from './processor-use.ts';
import type { Sandboxes } from './sandboxes.ts';
import type { FunctionWorker } from './worker/function-worker.ts';

/** A worker whose place is to be freed. */
export interface Spare {
  readonly sandboxes: Sandboxes;
  readonly worker: FunctionWorker;
}

/** A moving average: the last five values or so count. */
export const averaged = (average: number | undefined, value: number): number =>
  average === undefined ? value : average + (value - average) / 5;

/** Decides how many workers each function has: when one more is started, and which one is ended. */
export class Sizing {
  readonly #limits: PoolLimits;
  readonly #functions: ReadonlyMap<string, Sandboxes>;
  readonly #processors = new ProcessorUse();
  /** Milliseconds that the start of a worker takes, of late. */
  #startsMs: number | undefined;

  constructor(limits: PoolLimits, functions: ReadonlyMap<string, Sandboxes>) {
    this.#limits = limits;
    this.#functions = functions;
  }

  started(ms: number): void {
    this.#startsMs = averaged(this.#startsMs, ms);
  }

  /**
   * Milliseconds for which a request waits for a busy worker before another one is started. A worker takes 200 ms of a
   * core to start, and as much again until its code is compiled. Started for a queue that is gone by then, it makes
   * everything slower, the queue longer, and so more workers: on a busy machine, for good. On one with time to spare, it
   * is worth its start where the wait would be felt, one at a time.
   */
  patienceMs({ takesMs, waiting, workers, starting }: Sandboxes): number {
    const { growAfterMs, busyFrom, feltMs, heldMs } = this.#limits;
    if (takesMs === undefined || this.#startsMs === undefined) return growAfterMs;
    const held = Math.max(heldMs, 4 * takesMs);
    const counted = [...workers].filter(({ busyForMs }) => busyForMs < held).length;
    const queueMs = (takesMs * waiting.length) / counted;
    const spare = starting === 0 && this.#processors.share() < busyFrom;
    const bearableMs = spare ? Math.min(feltMs, this.#startsMs) : this.#startsMs;
    return queueMs < bearableMs ? Math.max(growAfterMs, this.#startsMs) : growAfterMs;
  }

  /** Whether the function may have one more worker: at once, once another worker's place is freed, or not now. */
  place(sandboxes: Sandboxes): 'free' | 'none' | Spare {
    const all = [...this.#functions.values()];
    if (sandboxes.workers.size >= this.#limits.perFunction) return 'none';
    if (sandboxes.workers.size === 0) return 'free';
    if (all.reduce((sum, { starting }) => sum + starting, 0) >= this.#limits.starting) return 'none';
    if (all.reduce((sum, { workers }) => sum + workers.size, 0) < this.#limits.total) return 'free';
    return this.#longestIdle(all.filter((other) => other !== sandboxes)) ?? 'none';
  }

  /** Workers that have been without work for too long. */
  surplus(): Spare[] {
    const { spareIdleMs, idleMs, unusedMs } = this.#limits;
    return [...this.#functions.values()].flatMap((sandboxes) => {
      let left = sandboxes.workers.size;
      return sandboxes.idle.flatMap((worker) => {
        const patience = left > 1 ? spareIdleMs : worker.used ? idleMs : unusedMs;
        if (performance.now() - worker.idleSince <= patience) return [];
        left -= 1;
        return [{ sandboxes, worker }];
      });
    });
  }

  #longestIdle(others: readonly Sandboxes[]): Spare | undefined {
    const idle = others
      .filter(({ workers }) => workers.size > 1)
      .flatMap((sandboxes) => sandboxes.idle.map((worker) => ({ sandboxes, worker })));
    const [oldest] = idle.sort((a, b) => a.worker.idleSince - b.worker.idleSince);
    const since = oldest && performance.now() - oldest.worker.idleSince;
    return since !== undefined && since >= this.#limits.evictAfterMs ? oldest : undefined;
  }
}
