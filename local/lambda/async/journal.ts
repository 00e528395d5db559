import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { StartupError } from '../../startup-error.ts';

/** An event of the asynchronous queue; `payload` is JSON text, times are epoch milliseconds. */
export interface QueuedEvent {
  readonly id: string;
  readonly functionName: string;
  readonly payload: string;
  readonly acceptedAt: number;
  readonly traceHeader: string;
}

export type JournalEntry =
  | { readonly t: 'queued'; readonly event: QueuedEvent }
  | { readonly t: 'started'; readonly id: string; readonly attempt: number }
  | {
      readonly t: 'failed';
      readonly id: string;
      readonly attempt: number;
      readonly dueAt: number;
      readonly payload: string;
    }
  /** Over for good; `next` is what its destination gets, in the same line so that one is never there without the other. */
  | { readonly t: 'ended'; readonly id: string; readonly next?: QueuedEvent };

/** What is left of an event when the journal is read again. */
export interface Unfinished {
  readonly event: QueuedEvent;
  /** Attempts begun so far. */
  readonly attempt: number;
  readonly state: 'queued' | 'started' | 'failed';
  readonly dueAt?: number;
  /** Response of the last failed attempt. */
  readonly lastPayload?: string;
}

/** Bytes after which the journal is rewritten, if most of it is about events that are over. */
const compactAbove = 4_000_000;

/**
 * Append-only journal, one JSON line per step. Written synchronously without fsync: what was written survives the death
 * of the process, not that of the machine. A last line cut short by it is dropped; any other damage is refused.
 */
export class Journal {
  readonly #file: string;
  #handle: number;
  #size = 0;
  #liveSize = 0;
  readonly #live = new Map<string, Unfinished>();

  constructor(file: string) {
    this.#file = file;
    this.#read();
    this.#handle = this.#rewrite();
  }

  /** Events that are not over, in the order in which they were accepted. */
  unfinished(): Unfinished[] {
    return [...this.#live.values()];
  }

  append(entry: JournalEntry): void {
    const line = `${JSON.stringify(entry)}\n`;
    writeSync(this.#handle, line);
    this.#size += line.length;
    this.#apply(entry);
    if (this.#size > compactAbove && this.#size > 4 * this.#liveSize) {
      closeSync(this.#handle);
      this.#handle = this.#rewrite();
    }
  }

  close(): void {
    closeSync(this.#handle);
  }

  #apply(entry: JournalEntry): void {
    if (entry.t === 'queued') {
      this.#add({ event: entry.event, attempt: 0, state: 'queued' });
      return;
    }
    const known = this.#live.get(entry.id);
    if (known === undefined) return;
    if (entry.t === 'started')
      this.#live.set(entry.id, { event: known.event, attempt: entry.attempt, state: 'started' });
    if (entry.t === 'failed') {
      const { attempt, dueAt, payload } = entry;
      this.#live.set(entry.id, { event: known.event, attempt, state: 'failed', dueAt, lastPayload: payload });
    }
    if (entry.t === 'ended') {
      this.#live.delete(entry.id);
      this.#liveSize -= known.event.payload.length;
      if (entry.next !== undefined) this.#add({ event: entry.next, attempt: 0, state: 'queued' });
    }
  }

  #add(unfinished: Unfinished): void {
    this.#live.set(unfinished.event.id, unfinished);
    this.#liveSize += unfinished.event.payload.length;
  }

  #read(): void {
    if (!existsSync(this.#file)) return;
    const lines = readFileSync(this.#file, 'utf8').split('\n');
    const cut = lines.pop();
    if (cut !== '' && cut !== undefined) lines.push(cut);
    for (const [index, line] of lines.entries()) {
      try {
        this.#apply(JSON.parse(line) as JournalEntry);
      } catch (cause) {
        if (cut !== '' && index === lines.length - 1) return;
        throw new StartupError(
          'DATA_DIR',
          `The queue of asynchronous invocations is damaged (${this.#file}, line ${index + 1})`,
          { cause },
        );
      }
    }
  }

  /** Writes what is unfinished into a new file and puts it in place of the old one. */
  #rewrite(): number {
    const lines = this.unfinished().flatMap((unfinished) =>
      entriesOf(unfinished).map((entry) => `${JSON.stringify(entry)}\n`),
    );
    const content = lines.join('');
    writeFileSync(`${this.#file}.new`, content);
    renameSync(`${this.#file}.new`, this.#file);
    this.#size = content.length;
    return openSync(this.#file, 'a');
  }
}

function entriesOf({ event, attempt, state, dueAt, lastPayload }: Unfinished): JournalEntry[] {
  const queued: JournalEntry = { t: 'queued', event };
  if (state === 'queued') return [queued];
  if (state === 'started') return [queued, { t: 'started', id: event.id, attempt }];
  return [queued, { t: 'failed', id: event.id, attempt, dueAt: dueAt ?? 0, payload: lastPayload ?? 'null' }];
}
