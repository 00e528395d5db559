import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `npm start` of a checkout runs Node with, its options included. */
export function startArguments(folder: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { scripts: { start: string } };
  const [, ...args] = scripts.start.split(' ');
  return args.map((arg) => (arg.startsWith('-') ? arg : join(folder, arg)));
}
