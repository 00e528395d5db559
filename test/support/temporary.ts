import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One temporary folder for all that the tests of a run write, gone with the run; for vitest's `globalSetup`. */
export default async function temporary(): Promise<() => Promise<void>> {
  const outer = process.env.TMPDIR;
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-tests-'));
  process.env.TMPDIR = folder;
  return async () => {
    if (outer === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = outer;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
