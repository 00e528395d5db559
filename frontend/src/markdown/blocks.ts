import type { Token } from 'marked';
import { tokensOf } from './bounded-lexer.ts';
import { closeOpen } from './close-open.ts';

/** Blocks of a Markdown text, as far as they are known: what is before `frozenTo` does not change as text is added. */
export interface Blocks {
  readonly text: string;
  readonly frozen: readonly Token[];
  readonly frozenTo: number;
  /** The last blocks, which the next words may change. */
  readonly tail: readonly Token[];
}

export const noBlocks: Blocks = { text: '', frozen: [], frozenTo: 0, tail: [] };

/** Blocks at the end that more text may change: a paragraph becomes a heading or a table, a list goes on after a gap. */
const unsettled = 3;

/**
 * The blocks of `text`. Given those of its beginning, only what may have changed is read again, so that an answer costs
 * as much to stream as it is long. `complete`: no more text will come, and references to links hold everywhere.
 */
export function blocksOf(text: string, before: Blocks, complete: boolean): Blocks {
  if (text === before.text && !complete) return before;
  const start = !complete && text.startsWith(before.text) ? before : noBlocks;
  const tail = read(text.slice(start.frozenTo));
  if (complete) return { text, frozen: tail, frozenTo: text.length, tail: [] };
  const settled = tail.slice(0, Math.max(0, tail.length - unsettled));
  const length = settled.reduce((sum, token) => sum + token.raw.length, 0);
  return {
    text,
    frozen: [...start.frozen, ...settled],
    frozenTo: start.frozenTo + length,
    tail: tail.slice(settled.length),
  };
}

/** What is shown of a text that is being written: its finished blocks, and the rest with open marks closed. */
export function shownBlocks({ text, frozen, frozenTo }: Blocks): readonly Token[] {
  return [...frozen, ...read(closeOpen(text.slice(frozenTo)))];
}

/** The blocks of a text; one plain paragraph where it can't be read, as with very deep nesting. */
function read(text: string): Token[] {
  try {
    return tokensOf(text);
  } catch {
    return [{ type: 'text', raw: text, text }];
  }
}
