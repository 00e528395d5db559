/** Characters of an answer that are read aloud when it comes; the rest is in the log, to be read at one's own pace. */
const mostRead = 10_000;

/** Markdown as it is read aloud: code and links by their words, without marks. */
export function plainText(markdown: string): string {
  const read = markdown
    .slice(0, mostRead)
    .replace(/^ {0,3}(`{3,}|~{3,}).*$/gm, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^ {0,3}(#{1,6}|>|[-*+]|\d+[.)])\s+/gm, '')
    // The line below the head of a table.
    .replace(/^[ \t:|-]+$/gm, (line) => (line.includes('|') ? '' : line))
    .replace(/[*_~`|]+/g, ' ')
    .replace(/[ \t]+/g, ' ')
    .replace(/\n{2,}/g, '\n')
    .trim();
  return markdown.length > mostRead ? `${read} …` : read;
}
