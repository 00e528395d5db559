import { createRequire } from 'node:module';

interface Iterator {
  close(): Promise<void>;
  return?(): Promise<void>;
}

/**
 * Lets dynalite's queries close what they open in LevelDB. They end with `iterator.return()`, where there is one, and
 * abstract-level's iterators only have `close()`: each query kept its snapshot and up to 64 KB that were read ahead, for
 * good. A turn of a chat was 120 KB, and half an hour of chatting a gigabyte.
 */
export function closeIterators(): void {
  const level = createRequire(createRequire(import.meta.resolve('dynalite')).resolve('level'));
  const { AbstractKeyIterator, AbstractValueIterator } = level('abstract-level') as Record<
    string,
    { prototype: Iterator }
  >;
  for (const kind of [AbstractKeyIterator, AbstractValueIterator]) {
    if (!kind) throw new Error('abstract-level has no such iterators any more');
    kind.prototype.return ??= function (this: Iterator) {
      return this.close();
    };
  }
}
