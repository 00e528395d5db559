import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Log } from '../log.ts';
import { StartupError } from '../startup-error.ts';
import type { DynamoDbFaults } from './faults.ts';
import { storeDamage } from './store-check.ts';
import type { FromStore, StoreOptions, ToStore } from './store-messages.ts';

export interface EmbeddedStore {
  readonly endpoint: string;
  /** Disturbs the requests from now on; undefined ends that. */
  setFaults(faults: DynamoDbFaults | undefined): void;
  stop(): Promise<void>;
}

/**
 * dynalite over LevelDB in a folder, in a worker of its own, so that the store's work holds up nothing else. Survives a
 * kill: LevelDB replays its log. Rejects with StartupError when the folder is damaged or in use.
 */
export async function startEmbeddedStore(
  dataDir: string,
  log: Log,
  options: { sweepEveryMs?: number } = {},
): Promise<EmbeddedStore> {
  const path = join(dataDir, 'dynamodb');
  await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    throw unusable(dataDir, `cannot be written: ${String(cause)}`, cause);
  });
  const damage = await storeDamage(path);
  if (damage) throw unusable(dataDir, `is damaged: ${damage}; move it away or choose another folder`);

  const workerData: StoreOptions = { path, ttlFile: `${path}-ttl.json`, sweepEveryMs: options.sweepEveryMs ?? 10_000 };
  const worker = new Worker(new URL('./store-worker.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 },
  });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    worker.on('error', reject);
    worker.on('message', (message: FromStore) => {
      if (message.kind === 'ready') resolve(message.port);
      else if (message.kind === 'unusable') reject(openFailure(dataDir, message));
      else log.error(`the store failed: ${message.message} (DATA_DIR is ${dataDir})`);
    });
    void ended.then(() => reject(unusable(dataDir, 'could not be opened')));
  });
  worker.removeAllListeners('error');
  worker.on('error', (error) => log.error(`the store ended: ${error.message} (DATA_DIR is ${dataDir})`));
  const tell = (message: ToStore) => worker.postMessage(message);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    setFaults: (faults) => tell({ kind: 'faults', faults }),
    stop: async () => {
      tell({ kind: 'stop' });
      await ended;
    },
  };
}

function openFailure(dataDir: string, { code, message }: { code: string; message: string }): StartupError {
  if (code === 'LEVEL_LOCKED') return unusable(dataDir, 'is in use by another runtime; choose another folder');
  return unusable(dataDir, `is damaged: ${message}; move it away or choose another folder`);
}

function unusable(dataDir: string, what: string, cause?: unknown): StartupError {
  return new StartupError('DATA_DIR', `DATA_DIR=${dataDir} ${what}`, { cause });
}
