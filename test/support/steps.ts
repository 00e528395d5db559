import type { Random } from './random.ts';

/** The process that did this is gone. */
export class Crash extends Error {
  constructor() {
    super('crash');
    this.name = 'Crash';
  }
}

/**
 * Lets concurrent work proceed one outside operation at a time, in an order drawn by chance, and ends some of it by
 * chance in between. The same seed gives the same order.
 */
export class Steps {
  readonly #random: Random;
  readonly #waiting: (() => void)[] = [];
  /** Probability that an operation ends its caller, half before its effect and half after. */
  crashRate = 0;
  crashes = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Does an operation when its turn comes. */
  async take<T>(operation: () => Promise<T>): Promise<T> {
    await this.#turn();
    const crash = this.#random.chance(this.crashRate);
    const before = crash && this.#random.chance(0.5);
    if (before) this.#crash();
    const output = await operation();
    if (crash) this.#crash();
    await this.#turn();
    return output;
  }

  /** A store whose every operation is taken in steps. */
  of<T extends object>(store: T): T {
    return new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...inputs: unknown[]) =>
          this.take(async () => (member as (...i: unknown[]) => unknown).apply(target, inputs));
      },
    });
  }

  /** Runs until all the work has ended. */
  async run(work: readonly Promise<unknown>[]): Promise<void> {
    let left = work.length;
    for (const promise of work)
      promise.then(
        () => (left -= 1),
        () => (left -= 1),
      );
    while (left > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.#waiting.splice(this.#random.below(Math.max(1, this.#waiting.length)), 1)[0];
      next?.();
    }
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #crash(): never {
    this.crashes += 1;
    throw new Crash();
  }
}
