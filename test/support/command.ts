import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const scripts = join(import.meta.dirname, '..', '..', 'scripts');

/** Runs `npm run <name> -- <args>` against the runtime on a data folder. @returns what it printed; throws when it fails */
export function runCommand(name: string, dataDir: string, args: readonly string[]): Promise<string> {
  const { PATH = '', HOME = '', USER = 'operator', TMPDIR = tmpdir() } = process.env;
  const env = { PATH, HOME, USER, TMPDIR, DATA_DIR: dataDir, KAFKA_BROKERS: '', KAFKA_AUTH: '' };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [join(scripts, `${name}.ts`), ...args], { env }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${name} ${args.join(' ')}: ${stderr}${stdout}`));
      else resolve(stdout.trim());
    });
  });
}
