/**
 * How often the broker is asked. A real one answers a waiting fetch as soon as something is produced, so it is asked to
 * wait. librdkafka's mock answers only when the wait is over, so there the pause between two fetches is the latency:
 * it grows with the time since something last happened, and `wake` ends it. Two pollers at rest cost 1.2 % of a core at
 * 50 ms, and 17 % at 1 ms. What the runtime invokes wakes them; only what others produce has to wait.
 */
export class PollPace {
  readonly #isMock: boolean;
  #lastActivity = Number.NEGATIVE_INFINITY;
  #endPause: () => void = () => undefined;

  constructor(isMock: boolean) {
    this.#isMock = isMock;
  }

  /** Something was fetched, or somebody expects that something will be produced. */
  wake(): void {
    this.#lastActivity = Date.now();
    this.#endPause();
  }

  /** Pauses if that is due, then says how long the next fetch may wait at the broker, in milliseconds. */
  async beforeFetch(): Promise<number> {
    if (!this.#isMock) return 500;
    const pauseMs = pauseAfter(Date.now() - this.#lastActivity);
    if (pauseMs <= 1) return 1;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pauseMs);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return 0;
  }
}

function pauseAfter(quietMs: number): number {
  // What is produced comes 5-30 ms after the invocation that does it began. Longer at this pace is 100 ms of CPU a turn.
  if (quietMs < 60) return 1;
  if (quietMs < 500) return 4;
  if (quietMs < 2_000) return 20;
  return quietMs < 10_000 ? 50 : 200;
}
