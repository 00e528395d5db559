import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
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

const bundleInputs = ['lambdas', 'frontend', 'scripts/build.ts', 'scripts/build', 'package-lock.json'];
const templateInputs = [
  'bin',
  'lib',
  'cdk.json',
  'cdk.context.json',
  'package-lock.json',
  'dist/lambdas',
  'dist/frontend',
];

/** Assemblies that stay: the newest, and those that other runtimes may still be running from. */
const keptAssemblies = 4;

/**
 * Builds the bundles and synthesizes the templates if anything they are made of changed since, and returns the folder of
 * the cloud assembly. Processes that do so at the same time take turns. Throws StartupError.
 */
export async function prepare({ root, progress, signal }: PrepareOptions): Promise<string> {
  mkdirSync(join(root, '.cache'), { recursive: true });
  let lock = await acquireLock(`prepare ${root}`);
  while (lock === undefined) {
    await sleep(100, undefined, { ...(signal === undefined ? {} : { signal }) });
    lock = await acquireLock(`prepare ${root}`);
  }
  try {
    const run: Run = (name, script, environment) => runScript({ root, name, script, environment, progress, signal });
    await build(root, run);
    return await synthesize(root, run);
  } finally {
    lock.release();
  }
}

type Run = (name: string, script: string, environment?: Readonly<Record<string, string>>) => Promise<void>;

async function build(root: string, run: Run): Promise<void> {
  const stamp = join(root, 'dist', '.inputs');
  const inputs = fingerprint(root, bundleInputs);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return;
  rmSync(stamp, { force: true });
  await run('functions and page', 'scripts/build.ts');
  writeFileSync(stamp, inputs);
}

/**
 * Each assembly has a folder of its own, named by what it was made of: `cdk.out` may hold another stage that somebody is
 * about to deploy, and a runtime goes on with its own while another one is started from changed sources.
 */
async function synthesize(root: string, run: Run): Promise<string> {
  const folder = join(root, '.cache', 'assemblies');
  const { STAGE = 'dev' } = process.env;
  const assembly = join(folder, `${STAGE}-${fingerprint(root, templateInputs).slice(0, 16)}`);
  if (!existsSync(assembly)) {
    const unfinished = `${assembly}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    // CDK's own validation of templates takes 3 of 5 s, and nothing is deployed from here.
    await run('templates', 'bin/switchboard.ts', { CDK_OUTDIR: unfinished, CDK_VALIDATION: 'false' });
    renameSync(unfinished, assembly);
  }
  const now = new Date();
  utimesSync(assembly, now, now);
  const byAge = readdirSync(folder).map((name) => ({
    path: join(folder, name),
    used: statSync(join(folder, name)).mtimeMs,
  }));
  for (const { path } of byAge.sort((a, b) => b.used - a.used).slice(keptAssemblies))
    rmSync(path, { recursive: true, force: true });
  return assembly;
}

interface Script {
  readonly root: string;
  readonly name: string;
  readonly script: string;
  readonly environment: Readonly<Record<string, string>> | undefined;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal | undefined;
}

/** In a process of its own: what the CDK and esbuild take of memory is gone again afterwards. */
async function runScript({ root, name, script, environment, progress, signal }: Script): Promise<void> {
  progress(`Building the ${name} …`);
  const started = performance.now();
  const child = spawn(process.execPath, [join(root, script)], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on('error', reject).on('close', resolve);
  if ((await promise) !== 0) {
    const text = Buffer.concat(output).toString('utf8').trim();
    throw new StartupError(script, `The ${name} could not be built (${script}):\n${text}`);
  }
  progress(`Built the ${name} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
