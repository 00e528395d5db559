import { writeSync } from 'node:fs';

/** Lines wait this long for others: each write to a file or a pipe blocks the one thread everything else runs on. */
const gatherMs = 20;

/** Writes lines to standard output, some at a time; whatever is left is written when the process ends. */
export function createLineWriter(): (line: string) => void {
  let waiting: string[] = [];
  const take = (): string => {
    const text = waiting.join('');
    waiting = [];
    return text;
  };
  process.stdout.on('error', () => undefined);
  process.on('exit', () => {
    try {
      if (waiting.length > 0) writeSync(1, take());
    } catch {
      // Nobody reads any more.
    }
  });
  return (line) => {
    if (waiting.push(`${line}\n`) === 1) setTimeout(() => process.stdout.write(take()), gatherMs).unref();
  };
}
