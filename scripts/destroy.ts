import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { destroyPatiently, type Run } from './destroy/patiently.ts';
import { exitOnSignals } from './exit-on-signals.ts';

/** Destroys all stacks of a stage: `npm run destroy -- -c stage=dev`. Asks once; with `--yes`, or without a terminal, never. */
exitOnSignals();
const given = process.argv.slice(2).filter((argument) => argument !== '--yes');
const asks = process.stdin.isTTY && !process.argv.includes('--yes');

console.log(
  'Destroys a stage. Tables, key and logs of a stage that keeps data stay (docs/operations.md); the termination protection of its stacks must be taken off first.',
);
if (asks && !(await isConfirmed())) {
  console.log('Nothing was destroyed.');
} else {
  process.exitCode = await destroyPatiently({ destroy, wait, say: console.log });
}

async function isConfirmed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Destroy all stacks of ${given.join(' ') || 'the stage dev'}? (y/n) `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Shows what the CDK says, and keeps it. */
async function destroy(): Promise<Run> {
  const cdk = spawn('cdk', ['destroy', '--all', '--force', ...given], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [cdk.stdout, cdk.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
      process.stdout.write(chunk);
    });
  const [status] = (await once(cdk, 'close')) as [number | null];
  return { status: status ?? 1, output };
}
