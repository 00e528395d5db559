/** A value that can be watched. */
export class Store<T> {
  #value: T;
  readonly #watchers = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  /** Replaces fields of the value. */
  set(fields: Partial<T>): void {
    this.#value = { ...this.#value, ...fields };
    for (const watcher of this.#watchers) watcher();
  }

  /** Calls `watcher` after each change; returns how to stop that. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}
