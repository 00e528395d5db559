import { createLog } from '../../local/log.ts';
import { createRuntime, type Runtime, type RuntimeOptions } from '../../local/runtime.ts';
import { type FixtureApp, type FixtureFolders, writeFixture } from './local-assembly.ts';

export interface RunningFixture {
  readonly runtime: Runtime;
  readonly folders: FixtureFolders;
  /** What the runtime and the functions printed. */
  readonly lines: string[];
  stop(): Promise<void>;
}

/** Runs a fixture app in this process. */
export async function runFixture(app: FixtureApp, options: Partial<RuntimeOptions> = {}): Promise<RunningFixture> {
  const folders = writeFixture(app);
  const lines: string[] = [];
  const log = createLog((line) => lines.push(line), 'debug');
  const runtime = await createRuntime({ ...folders, log, warm: false, ...options });
  return {
    runtime,
    folders,
    lines,
    async stop() {
      await runtime.stop();
      folders.remove();
    },
  };
}
