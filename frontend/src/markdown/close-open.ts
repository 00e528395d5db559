/**
 * Markdown that is still being written, with what has been opened and not closed yet closed, so that marks do not flash
 * by as text: `**bo` reads as bold from its first letter, and a link as its words until its address is there.
 */
export function closeOpen(text: string): string {
  const start = text.lastIndexOf('\n\n') + 1;
  const block = text.slice(start);
  if (isInFence(text) || /^\s*\|/.test(block)) return text;
  return text.slice(0, start) + closeMarks(trimLink(block));
}

function isInFence(text: string): boolean {
  let open: string | undefined;
  for (const [, fence = ''] of text.matchAll(/^ {0,3}(`{3,}|~{3,})/gm)) {
    if (open === undefined) open = fence;
    else if (fence.startsWith(open)) open = undefined;
  }
  return open !== undefined;
}

/** A link or image whose address is not complete shows as its words. */
function trimLink(block: string): string {
  return block.replace(/!?\[([^[\]\n]*)(\]\([^()\s]*)?$/, (whole, words: string, address?: string) =>
    address !== undefined || whole.startsWith('!') || words.length < 80 ? words : whole,
  );
}

function closeMarks(block: string): string {
  // Marks with nothing after them yet would show, and then vanish.
  const trimmed = block.replace(/(^|[\s(])(\*{1,3}|_{1,3}|~~|`+)$/, '$1');
  const outside = trimmed.replace(/(`+)[^`]+\1/g, '');
  const tick = outside.match(/`+/);
  if (tick) return trimmed + tick[0];
  const bold = count(outside, /\*\*/g) % 2 === 1;
  const italic =
    count(outside.replace(/\*\*/g, ''), /(^|[\s(])\*(?=\S)/g) > count(outside.replace(/\*\*/g, ''), /\S\*(?=\W|$)/g);
  const struck = count(outside, /~~/g) % 2 === 1;
  const words = trimmed.trimEnd();
  return words + (italic ? '*' : '') + (bold ? '**' : '') + (struck ? '~~' : '') + trimmed.slice(words.length);
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}
