/** Milliseconds in which a deletion can be undone. */
export const undoWithin = 6_000;

/** Deletions that have been asked for and can still be undone. They are carried out at the latest when the page goes. */
export class Removals {
  readonly #carryOut: (id: string) => void;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(carryOut: (id: string) => void) {
    this.#carryOut = carryOut;
  }

  add(id: string): void {
    this.undo(id);
    this.#timers.set(
      id,
      setTimeout(() => this.#run(id), undoWithin),
    );
  }

  undo(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  /** Carries out all that are left. */
  flush(): void {
    for (const id of [...this.#timers.keys()]) this.#run(id);
  }

  #run(id: string): void {
    this.undo(id);
    this.#carryOut(id);
  }
}
