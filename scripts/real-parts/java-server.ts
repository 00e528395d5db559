import { type ServerOptions, type ServerProcess, startServer } from './server-process.ts';

/** What to run, and how to learn that it serves. */
export interface JavaServerOptions extends Pick<ServerOptions, 'name' | 'args' | 'logFile' | 'probe'> {
  readonly classPath: string;
  readonly mainClass: string;
  readonly heapMb: number;
}

/** Starts a Java server and returns when it answers its own protocol; it dies with this process. */
export async function startJavaServer(options: JavaServerOptions): Promise<ServerProcess> {
  const { classPath, mainClass, heapMb, args, ...rest } = options;
  // The serial collector and the first compiler only: half the start-up time, and two cores stay free for the tests.
  const jvm = [`-Xmx${heapMb}m`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', classPath, mainClass];
  return await startServer({ ...rest, command: 'java', args: [...jvm, ...args] });
}
