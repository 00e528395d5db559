import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const prefix = 'switchboard-tests-';

/**
 * One temporary folder for all that the tests of a run write, gone with the run; for vitest's `globalSetup`, which each
 * kind of tests calls. One in the other would make paths too long for the sockets of a browser.
 */
export default async function temporary(): Promise<(() => Promise<void>) | undefined> {
  if (basename(tmpdir()).startsWith(prefix)) return undefined;
  const outer = process.env.TMPDIR;
  const folder = await mkdtemp(join(tmpdir(), prefix));
  process.env.TMPDIR = folder;
  return async () => {
    if (outer === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = outer;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
