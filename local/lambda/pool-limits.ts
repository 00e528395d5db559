export interface PoolLimits {
  /** Threads of all functions together. A function without any gets one even beyond that, so none waits for ever. */
  readonly total: number;
  readonly perFunction: number;
  /** Threads that load at the same time: each takes 100-200 ms of a core. */
  readonly starting: number;
  /** A request waits at least this long for a busy worker before another one is started; longer where it is not worth that. */
  readonly growAfterMs: number;
  /** A shorter wait is not worth a worker, even on a machine with time to spare. */
  readonly feltMs: number;
  /**
   * A worker that has been busy for longer, and for four times as long as usual, is not expected back soon: one session's
   * slow model delays no other session.
   */
  readonly heldMs: number;
  /** From this share of the processors on, the machine has no time to spare: 0 is always, 1 never. */
  readonly busyFrom: number;
  /**
   * Idle for this long, a worker gives its place to another function that wants more. Sooner, functions under load take it from
   * each other in turns: 700 starts in ten minutes, and twice the memory that the living ones need.
   */
  readonly evictAfterMs: number;
  /** A worker beyond the first of its function is ended after this long without work. */
  readonly spareIdleMs: number;
  /** The last worker of a function is ended after this long without work. */
  readonly idleMs: number;
  /** And after this long if it never had any: most functions are not needed by everyone who starts the runtime. */
  readonly unusedMs: number;
}

export const defaultPoolLimits: PoolLimits = {
  total: 24,
  perFunction: 12,
  starting: 2,
  growAfterMs: 10,
  feltMs: 50,
  heldMs: 1_000,
  busyFrom: 0.5,
  evictAfterMs: 5_000,
  spareIdleMs: 60_000,
  idleMs: 600_000,
  unusedMs: 60_000,
};
