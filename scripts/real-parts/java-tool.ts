import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a Java command-line tool to its end and returns what it printed; rejects with its output when it fails. */
export async function javaTool(classPath: string, mainClass: string, args: readonly string[]): Promise<string> {
  const jvm = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', classPath, mainClass];
  const { stdout } = await run('java', [...jvm, ...args]);
  return stdout;
}
