import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** What to run, and how to learn that it serves. */
export interface ServerOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly logFile: string;
  /** Asks the server something in its own protocol; rejects for as long as it does not serve. */
  readonly probe: () => Promise<unknown>;
}

/** A running server. */
export interface ServerProcess {
  readonly pid: number;
  /** Ends it in good order, and by force after 10 s. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
}

const readyWithinMs = 60_000;

/** Starts a server and returns when it answers its own protocol; it dies with this process. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const child = launch(options);
  const end = once(child, 'exit');
  const dieWithUs = () => child.kill('SIGKILL');
  process.once('exit', dieWithUs);
  void end.then(() => process.off('exit', dieWithUs));
  const server: ServerProcess = {
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      const force = setTimeout(dieWithUs, 10_000);
      await end;
      clearTimeout(force);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await end;
    },
  };
  try {
    await untilReady(options, child);
  } catch (error) {
    await server.kill();
    throw error;
  }
  return server;
}

function launch({ command, args, env, cwd, logFile }: ServerOptions): ChildProcess {
  const log = openSync(logFile, 'a');
  const child = spawn(command, args, {
    stdio: ['ignore', log, log],
    ...(env === undefined ? {} : { env }),
    ...(cwd === undefined ? {} : { cwd }),
  });
  closeSync(log);
  return child;
}

async function untilReady({ name, logFile, probe }: ServerOptions, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + readyWithinMs;
  let last: unknown;
  while (performance.now() < deadline && child.exitCode === null && child.signalCode === null) {
    try {
      await probe();
      return;
    } catch (error) {
      last = error;
      await delay(50);
    }
  }
  const tail = readFileSync(logFile, 'utf8').split('\n').slice(-15).join('\n');
  const what =
    child.exitCode === null ? `is not ready after ${readyWithinMs / 1000} s` : `ended with ${child.exitCode}`;
  throw new Error(`${name} ${what}. The end of ${logFile}:\n${tail}`, { cause: last });
}
