import type { Scheduler } from 'fast-check';

/** The process that did this is gone. */
export class Crash extends Error {
  constructor() {
    super('crash');
    this.name = 'Crash';
  }
}

/** Counts the operations of one run, so that a crash can be put at any of them. */
export interface OperationCount {
  value: number;
}

/**
 * A store whose every operation waits for the scheduler to let it happen, before its effect and before its answer. An
 * operation whose number is in `crashes` ends its caller: even numbers before the effect, odd ones after it.
 */
export function interleaved<T extends object>(
  store: T,
  scheduler: Scheduler,
  crashes: ReadonlySet<number>,
  count: OperationCount = { value: 0 },
): T {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...inputs: unknown[]) => {
        await scheduler.schedule(Promise.resolve(), String(name));
        if (crashes.has(count.value++)) throw new Crash();
        const output: unknown = await (member as (...args: unknown[]) => unknown).apply(target, inputs);
        if (crashes.has(count.value++)) throw new Crash();
        await scheduler.schedule(Promise.resolve(), `${String(name)} answers`);
        return output;
      };
    },
  });
}
