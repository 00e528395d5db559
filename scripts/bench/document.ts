import { readFileSync, writeFileSync } from 'node:fs';

/** Puts a text in the place between `<!-- name -->` and `<!-- /name -->` of a document, so that its figures are a command's. */
export function writeSection(file: string, name: string, text: string): void {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const document = readFileSync(file, 'utf8');
  const [from, to] = [document.indexOf(open), document.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`${file} has no place ${open} … ${close}`);
  writeFileSync(file, `${document.slice(0, from + open.length)}\n${text.trim()}\n${document.slice(to)}`);
}
