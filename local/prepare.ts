import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fingerprint } from './fingerprint.ts';
import { acquireLock } from './lock.ts';
import { StartupError } from './startup-error.ts';

export interface PrepareOptions {
  /** Root of the repository. */
  readonly root: string;
  readonly progress: (line: string) => void;
  readonly signal?: AbortSignal;
}

interface Step {
  readonly name: string;
  readonly script: string;
  readonly inputs: readonly string[];
  /** What is there when the step was done. */
  readonly output: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Own folder: `cdk.out` may hold another stage that somebody is about to deploy. */
const assemblyFolder = join('.cache', 'cdk.out');

const bundles = ['lambdas', 'frontend', 'scripts/build.ts', 'scripts/build', 'package-lock.json'];

/**
 * Builds the bundles and synthesizes the templates if anything they are made of changed since, and returns the folder of
 * the cloud assembly. Processes that do so at the same time take turns. Throws StartupError.
 */
export async function prepare({ root, progress, signal }: PrepareOptions): Promise<string> {
  const steps: readonly Step[] = [
    { name: 'functions and page', script: 'scripts/build.ts', inputs: bundles, output: join('dist', 'lambdas') },
    {
      name: 'templates',
      script: 'bin/switchboard.ts',
      inputs: ['bin', 'lib', 'cdk.json', 'package-lock.json', 'dist/lambdas', 'dist/frontend'],
      output: join(assemblyFolder, 'manifest.json'),
      environment: { CDK_OUTDIR: join(root, assemblyFolder) },
    },
  ];
  mkdirSync(join(root, '.cache'), { recursive: true });
  let lock = await acquireLock(`prepare ${root}`);
  while (lock === undefined) {
    await sleep(100, undefined, { signal });
    lock = await acquireLock(`prepare ${root}`);
  }
  try {
    for (const step of steps) await runStep(root, step, progress, signal);
  } finally {
    lock.release();
  }
  return join(root, assemblyFolder);
}

async function runStep(
  root: string,
  step: Step,
  progress: PrepareOptions['progress'],
  signal?: AbortSignal,
): Promise<void> {
  const stamp = join(root, '.cache', `${step.script.replaceAll('/', '-')}.stamp`);
  const inputs = fingerprint(root, step.inputs);
  if (existsSync(join(root, step.output)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return;
  progress(`Building the ${step.name} …`);
  const started = performance.now();
  if (step.output.startsWith(assemblyFolder)) rmSync(join(root, assemblyFolder), { recursive: true, force: true });
  await runScript(root, step, signal);
  writeFileSync(stamp, inputs);
  progress(`Built the ${step.name} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

function runScript(root: string, { name, script, environment }: Step, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, script)], {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal === undefined ? {} : { signal }),
    });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new StartupError(
            script,
            `The ${name} could not be built (${script}):\n${Buffer.concat(output).toString('utf8').trim()}`,
          ),
        );
    });
  });
}
