import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { synthesize } from '../lib/synthesize.ts';
import { runCommandLine } from './command-line.ts';
import { type Command, readCommand, usage } from './destroy/command.ts';
import { isConfirmed, requireSomebodyToAsk } from './destroy/consent.ts';
import { extentOf } from './destroy/extent.ts';
import { destroyPatiently, type Run } from './destroy/patiently.ts';
import { exitOnSignals } from './exit-on-signals.ts';

const root = join(import.meta.dirname, '..');

/** Destroys all stacks of a stage, after a yes. What is shown, asked about and destroyed, however often tried, is one synthesis. */
async function destroyStage({ yes, context, rest }: Command): Promise<void> {
  const asking = { yes, input: process.stdin, output: process.stdout };
  requireSomebodyToAsk(asking);
  const outdir = mkdtempSync(join(tmpdir(), 'switchboard-destroy-'));
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  const { settings, stackNames, templates } = await synthesize({ root, outdir, context, environment: process.env });
  // The CDK deploys in the order of dependencies, and destroys in the reverse.
  console.log(`Stage ${settings.stage}: ${stackNames.toReversed().join(', then ')}`);
  for (const line of extentOf(templates)) console.log(`  ${line}`);
  if (settings.keepData) console.log('  its stacks are protected: docs/operations.md says how to take that off');
  if (!(await isConfirmed(asking, `Destroy the stage ${settings.stage}? (y/n) `)))
    throw new Error('Nothing was destroyed.');
  const destroy = () => run('cdk', ['destroy', '--all', '--force', '--app', outdir, ...rest]);
  process.exitCode = await destroyPatiently({ destroy, wait, say: console.log });
}

/** Shows what the program says, and keeps it. */
async function run(program: string, args: readonly string[]): Promise<Run> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
      process.stdout.write(chunk);
    });
  const [status] = (await once(child, 'close')) as [number | null];
  return { status: status ?? 1, output };
}

exitOnSignals();
await runCommandLine({ usage, read: readCommand, run: destroyStage });
