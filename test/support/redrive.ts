import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const script = join(import.meta.dirname, '..', '..', 'scripts', 'redrive.ts');

/** Runs `npm run redrive -- <args>` against the runtime on a data folder. @returns what it printed; throws when it fails */
export function redrive(dataDir: string, ...args: readonly string[]): Promise<string> {
  const { PATH = '', HOME = '', USER = 'operator', TMPDIR = tmpdir() } = process.env;
  const env = { PATH, HOME, USER, TMPDIR, DATA_DIR: dataDir, KAFKA_BROKERS: '', KAFKA_AUTH: '' };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) => {
      if (error) reject(new Error(`redrive ${args.join(' ')}: ${stderr}${stdout}`));
      else resolve(stdout.trim());
    });
  });
}

/** A dead letter as `list --json` and `show` print it. */
export interface ShownDeadLetter {
  readonly record: string;
  readonly state: string;
  readonly reason: string;
  readonly origin: { readonly topic: string };
  readonly session_id: string;
  readonly can_be_sent: boolean;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What `list` finds of one session, or of one key. */
export async function deadLettersOf(dataDir: string, session: string): Promise<ShownDeadLetter[]> {
  const lines = await redrive(dataDir, 'list', '--all', '--json', '--session', session);
  return lines === '' ? [] : lines.split('\n').map((line) => JSON.parse(line) as ShownDeadLetter);
}
