import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MissingPartError } from '../real-parts/missing-part.ts';

const run = promisify(execFile);

/** A Python `3.x` and the packages that are installed for it alone. */
export interface PythonTool {
  /** Versions of Python that it runs under, the best first, as `3.13`. */
  readonly pythons: readonly string[];
  /** As pip takes them, with versions. */
  readonly packages: readonly string[];
}

/**
 * A virtual environment in `folder` with these packages, made once.
 * @returns the folder of its commands
 * @throws {MissingPartError} without a fitting Python, or when the package index cannot be reached
 */
export async function installPythonTool(folder: string, { pythons, packages }: PythonTool): Promise<string> {
  const venv = join(folder, 'venv');
  const stamp = join(venv, '.installed');
  const wanted = packages.join('\n');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return join(venv, 'bin');
  const python = await findPython(pythons);
  console.log(`Installing ${packages.join(' ')} into ${venv}, once`);
  await rm(venv, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    await run(python, ['-m', 'venv', venv]);
    await run(join(venv, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages]);
  } catch (error) {
    throw new MissingPartError(`pip could not install ${packages.join(' ')}:\n${lastLines(error)}`);
  }
  await writeFile(stamp, wanted);
  return join(venv, 'bin');
}

/** On the PATH by its version, or where pyenv and uv keep theirs. */
async function findPython(versions: readonly string[]): Promise<string> {
  for (const version of versions) {
    const pyenv = process.env.PYENV_ROOT ?? join(homedir(), '.pyenv');
    const candidates = [
      ...globSync(join(pyenv, 'versions', `${version}*`, 'bin', 'python3')),
      ...globSync(join(homedir(), '.local', 'share', 'uv', 'python', `cpython-${version}*`, 'bin', 'python3')),
      `python${version}`,
      'python3',
    ];
    for (const candidate of candidates) if ((await versionOf(candidate)) === version) return candidate;
  }
  throw new MissingPartError(
    `Python ${versions.join(' or ')} is needed, and none was found on the PATH or under pyenv or uv`,
  );
}

async function versionOf(python: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(python, ['-c', 'import sys, venv; print("%d.%d" % sys.version_info[:2])']);
    return stdout.trim();
  } catch {
    return undefined;
  }
}

function lastLines(error: unknown): string {
  const { stderr = '', message } = error as { stderr?: string; message: string };
  return (stderr || message).trim().split('\n').slice(-8).join('\n');
}
