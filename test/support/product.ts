import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../../scripts/real-parts/free-port.ts';
import { realParts } from './real-parts.ts';
import { startArguments } from './start-command.ts';

const root = join(import.meta.dirname, '..', '..');

/** What the runtime writes to `DATA_DIR/runtime.json`. */
export interface RuntimeFile {
  readonly url: string;
  readonly kafka_brokers: string;
  readonly dynamodb_endpoint: string;
  readonly pid: number;
}

export interface ProductOptions {
  /** Kept by whoever gives it; without it, a folder of its own is made, and removed by `dispose`. */
  readonly dataDir?: string;
  readonly port?: number;
  /** Settings of the runtime; an empty value unsets one. */
  readonly env?: Readonly<Record<string, string>>;
  /** First start on a cold machine builds and synthesizes. */
  readonly readyWithinMs?: number;
}

/** The whole product in processes of its own, as `npm start` runs it. */
export class Product {
  readonly dataDir: string;
  readonly port: number;
  /** Every line it printed, over all its starts. */
  readonly lines: string[] = [];
  runtime!: RuntimeFile;
  #process!: ChildProcess;
  /** The process that is being ended on purpose. */
  #ending: ChildProcess | undefined;
  readonly #options: ProductOptions;

  private constructor(dataDir: string, port: number, options: ProductOptions) {
    this.dataDir = dataDir;
    this.port = port;
    this.#options = options;
  }

  /** Starts it and returns once it says that it is ready. Throws with what it printed when it ends instead. */
  static async start(options: ProductOptions = {}): Promise<Product> {
    const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'switchboard-e2e-')));
    const product = new Product(dataDir, options.port ?? (await freePort()), options);
    await product.#launch({});
    return product;
  }

  get url(): string {
    return this.runtime.url;
  }

  /** The end of the main process: exit code, or the signal's name. */
  get ended(): number | NodeJS.Signals | undefined {
    return this.#process.exitCode ?? this.#process.signalCode ?? undefined;
  }

  /** SIGTERM to the pid of `runtime.json`, as an operator does it. @returns the exit code */
  async stop(): Promise<number | NodeJS.Signals> {
    return await this.#end(() => process.kill(this.runtime.pid, 'SIGTERM'));
  }

  /** Every process of it dies at once, with no chance to write anything. */
  async kill9(): Promise<void> {
    await this.#end(() => killGroup(this.#process));
  }

  /** Starts it again on the same data and port, `env` on top of the first settings. */
  async restart(env: Readonly<Record<string, string>> = {}): Promise<void> {
    if (this.ended === undefined) await this.stop();
    await this.#launch(env);
  }

  /** Ends it, whatever state it is in, and removes the data folder that it made. */
  async dispose(): Promise<void> {
    if (this.ended === undefined) await this.#end(() => killGroup(this.#process));
    if (!this.#options.dataDir) await rm(this.dataDir, { recursive: true, force: true });
  }

  async #end(kill: () => void): Promise<number | NodeJS.Signals> {
    this.#ending = this.#process;
    const exit = once(this.#process, 'exit');
    if (this.ended === undefined) {
      kill();
      await exit;
    }
    return this.ended ?? 0;
  }

  async #launch(env: Readonly<Record<string, string>>): Promise<void> {
    const child = launchProduct({ DATA_DIR: this.dataDir, PORT: String(this.port), ...this.#options.env, ...env });
    this.#process = child;
    const seen = this.lines.length;
    child.once('exit', (code, signal) => {
      if (this.#ending !== child)
        console.error(`ended by itself with ${code ?? signal}:\n${this.lines.slice(-30).join('\n')}`);
    });
    try {
      await untilReady(child, (line) => this.lines.push(line), this.#options.readyWithinMs ?? 60_000);
    } catch (error) {
      killGroup(child);
      throw new Error(`the product did not start:\n${this.lines.slice(seen).join('\n')}`, { cause: error });
    }
    this.runtime = JSON.parse(await readFile(join(this.dataDir, 'runtime.json'), 'utf8')) as RuntimeFile;
  }
}

/** Runs the product to its own end, for starts that fail. */
export async function runToEnd(
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; output: string }> {
  const child = launchProduct(env);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

/** A process group of its own, so that one signal reaches every process of it; no setting of the developer's leaks in. */
function launchProduct(env: Readonly<Record<string, string>>): ChildProcess {
  const { PATH = '', HOME = '', TMPDIR = tmpdir() } = process.env;
  const parts = realParts
    ? { KAFKA_BROKERS: realParts.kafkaBrokers, AWS_ENDPOINT_URL_DYNAMODB: realParts.dynamodbEndpoint }
    : { KAFKA_BROKERS: '', AWS_ENDPOINT_URL_DYNAMODB: '' };
  const quiet = { OPENAI_API_KEY: '', OPENAI_BASE_URL: '', OPENAI_MODEL: '', AUTH: '' };
  const child = spawn(process.execPath, startArguments(root), {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, HOME, TMPDIR, ...parts, ...quiet, ...env },
  });
  const dieWithUs = () => killGroup(child);
  process.once('exit', dieWithUs);
  child.once('exit', () => process.off('exit', dieWithUs));
  return child;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function untilReady(child: ChildProcess, keep: (line: string) => void, withinMs: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`not ready after ${withinMs / 1000} s`)), withinMs);
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      keep(line);
      if (line.includes('Switchboard is ready at ')) resolve();
    });
  }
  child.once('close', (code, signal) => reject(new Error(`it ended with ${code ?? signal}`)));
  return promise.finally(() => clearTimeout(timer));
}
