/** Characters of a title that is made from a question. */
const maxLength = 60;

/** A short title from a question: its first sentence or line, cut at a word. */
export function titleFrom(question: string): string {
  const line =
    question
      .replace(/[`*_#>]+/g, ' ')
      .trim()
      .split(/\n/, 1)[0] ?? '';
  const sentence = (/^.*?[.!?…](?=\s|$)/.exec(line)?.[0] ?? line).replace(/\s+/g, ' ').trim();
  const characters = [...sentence];
  if (characters.length <= maxLength) return sentence;
  const cut = characters.slice(0, maxLength).join('');
  const word = cut.lastIndexOf(' ');
  return `${(word > maxLength / 2 ? cut.slice(0, word) : cut).trimEnd()}…`;
}
