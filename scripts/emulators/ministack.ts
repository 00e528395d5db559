import { dirname, join } from 'node:path';
import { freePort } from '../real-parts/free-port.ts';
import { startServer } from '../real-parts/server-process.ts';
import { installPythonTool } from './python-tool.ts';

export const ministackVersion = '1.5.33';

/** ministack on a loopback port, with nothing in it. */
export interface Ministack {
  readonly endpoint: string;
  readonly logFile: string;
  stop(): Promise<void>;
}

/** @throws {MissingPartError} without Python, or the first time without a package index */
export async function startMinistack(folder: string): Promise<Ministack> {
  const bin = await installPythonTool(folder, {
    pythons: ['3.12', '3.13', '3.11', '3.10'],
    packages: [`ministack==${ministackVersion}`],
  });
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const logFile = join(folder, 'ministack.log');
  const { HOME = '', PATH = '' } = process.env;
  const server = await startServer({
    name: `ministack ${ministackVersion}`,
    command: join(bin, 'ministack'),
    args: [],
    cwd: folder,
    env: {
      HOME,
      // It runs functions with the `node` it finds: the Node of nodejs24.x is the one that runs this.
      PATH: `${dirname(process.execPath)}:${PATH}`,
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      MINISTACK_REGION: 'us-east-1',
    },
    logFile,
    probe: async () => {
      const { ok, status } = await fetch(`${endpoint}/_ministack/health`);
      if (!ok) throw new Error(`health: ${status}`);
    },
  });
  return { endpoint, logFile, stop: server.stop };
}
