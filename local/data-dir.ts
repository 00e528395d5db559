import { accessSync, constants, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acquireLock } from './lock.ts';
import { StartupError } from './startup-error.ts';

/** What other programs read to attach to a running runtime. */
export interface RuntimeFile {
  readonly url: string;
  readonly kafka_brokers: string;
  readonly dynamodb_endpoint: string;
  readonly pid: number;
}

export interface DataDir {
  readonly path: string;
  /** Writes `runtime.json`. */
  announce(file: RuntimeFile): void;
  /** Removes `runtime.json` and lets another runtime in. */
  release(): void;
}

/** Makes the folder if need be and keeps other runtimes out of it. Throws StartupError. */
export async function openDataDir(path: string): Promise<DataDir> {
  const real = usable(path);
  const lock = await acquireLock(`data-dir ${real}`);
  if (lock === undefined) {
    throw new StartupError('DATA_DIR', `DATA_DIR=${path} is in use by another runtime: stop it or give another folder`);
  }
  const file = join(real, 'runtime.json');
  rmSync(file, { force: true });
  return {
    path: real,
    announce: (content) => writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`),
    release: () => {
      rmSync(file, { force: true });
      lock.release();
    },
  };
}

function usable(path: string): string {
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK | constants.X_OK);
    return realpathSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartupError('DATA_DIR', `DATA_DIR=${path} cannot be used as a folder: ${reason}`, { cause });
  }
}
