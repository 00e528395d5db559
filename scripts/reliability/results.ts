import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A measurement as it is kept between runs, so that each can be repeated alone. */
export interface Kept<T> {
  /** ISO-8601 day. */
  readonly date: string;
  readonly command: string;
  readonly machine: string;
  readonly result: T;
}

/** Measurements of one kind, by name, in a folder of their own. */
export class Results<T> {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  keep(name: string, kept: Kept<T>): void {
    writeFileSync(join(this.#folder, `${name}.json`), `${JSON.stringify(kept, null, 2)}\n`);
  }

  /** In the order of their names. */
  all(): Kept<T>[] {
    const files = readdirSync(this.#folder).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    return files.map((file) => JSON.parse(readFileSync(join(this.#folder, file), 'utf8')) as Kept<T>);
  }
}
