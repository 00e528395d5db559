import { join } from 'node:path';
import { checkPort } from './http/listen.ts';
import { createLineWriter } from './line-writer.ts';
import { createLog } from './log.ts';
import { prepare } from './prepare.ts';
import { createRuntime, type Runtime } from './runtime.ts';
import { readSettings } from './settings.ts';
import { StartupError } from './startup-error.ts';

/**
 * `npm start`: builds what changed, starts the runtime, and ends it on SIGINT or SIGTERM with exit code 0. On SIGUSR2 it
 * builds what changed since, and puts that in place without losing anything.
 */
export async function run(root: string): Promise<void> {
  const print = createLineWriter();
  const stopping = new AbortController();
  let runtime: Runtime | undefined;
  let stopped: Promise<void> | undefined;
  const stop = (): void => {
    // Asked twice, or stuck: whoever wants to stop means it.
    if (stopped !== undefined) process.exit(0);
    stopping.abort();
    setTimeout(() => process.exit(0), 4000).unref();
    stopped = Promise.resolve(runtime?.stop()).finally(() => process.exit(0));
  };
  const deploy = async (): Promise<void> => {
    if (runtime === undefined || stopping.signal.aborted) return;
    try {
      const { functions, site, restart } = runtime.deploy(
        await prepare({ root, progress: print, signal: stopping.signal }),
      );
      const changed = [...functions, ...(site ? ['the page'] : [])];
      print(changed.length > 0 ? `Deployed ${changed.join(', ')}` : 'Nothing to deploy');
      if (restart.length > 0) print(`Restart for what changed of ${restart.join(', ')}`);
    } catch (error) {
      print(`Not deployed: ${reasonOf(error)}`);
    }
  };
  let deployed = Promise.resolve();
  process.on('SIGUSR2', () => {
    deployed = deployed.then(deploy);
  });
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  try {
    const settings = readSettings(process.env, root);
    await checkPort(settings.port);
    const assemblyDir = await prepare({ root, progress: print, signal: stopping.signal });
    const log = createLog(print);
    runtime = await createRuntime({ ...settings, assemblyDir, log, compileCacheDir: join(root, '.cache', 'node') });
    if (runtime.demoModel !== undefined)
      print('Answers come from the built-in demo model; set OPENAI_API_KEY for a real one');
    print(`Kafka at ${runtime.kafkaBrokers}, DynamoDB at ${runtime.dynamodbEndpoint}, data in ${settings.dataDir}`);
    print(`Switchboard is ready at ${runtime.url}`);
  } catch (error) {
    if (stopping.signal.aborted) return;
    process.stderr.write(`${reasonOf(error)}\n`);
    process.exit(1);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof StartupError) return error.message;
  return `The runtime cannot start: ${error instanceof Error ? error.message : String(error)}`;
}
