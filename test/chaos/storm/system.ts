import { appendFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamoDbFaults } from '../../../local/dynamodb/faults.ts';
import type { EmbeddedDynamoDb } from '../../../local/dynamodb/start.ts';
import type { Log } from '../../../local/log.ts';
import { prepare } from '../../../local/prepare.ts';
import { createRuntime, type Runtime } from '../../../local/runtime.ts';
import { startDynamoDbLocal } from '../../../scripts/real-parts/dynamodb-local.ts';
import { type RealKafka, startRealKafka } from '../../../scripts/real-parts/kafka.ts';
import { type ModelStub, startModelStub } from '../../support/model-stub.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type SlowLine, startSlowLine } from './slow-line.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const cacheDir = join(root, '.cache', 'real-parts');

/** Where all that is logged goes besides: `STORM_LOG=<file>` tells what became of a message in a storm that failed. */
function keep(text: string): void {
  if (process.env.STORM_LOG) appendFileSync(process.env.STORM_LOG, `${new Date().toISOString()} ${text}\n`);
}

/** One line that a function logged. */
export interface LogLine {
  readonly component: string;
  readonly step: string;
  /** ISO 8601. */
  readonly time: string;
  readonly session_id?: string;
  readonly message_id?: string;
  readonly attempt?: number;
}

/** The product in this process, on embedded or on real parts, with all that a storm needs to break it. */
export class StormSystem {
  readonly model: ModelStub;
  readonly #dataDir: string;
  readonly #kafka: RealKafka | undefined;
  readonly #proxy: FaultProxy | undefined;
  readonly #dynamodbStop: (() => Promise<void>) | undefined;
  readonly #onLine: (line: LogLine) => void;
  readonly #leaseMs: number;
  /** Events of event sources as they were delivered, newest last, to be delivered again. */
  readonly delivered: { readonly functionName: string; readonly payload: string }[] = [];
  runtime!: Runtime;
  /** What clients go through. */
  line!: SlowLine;
  #losses = 0;

  private constructor(
    parts: Pick<StormSystem, 'model'> & {
      dataDir: string;
      kafka?: RealKafka;
      proxy?: FaultProxy;
      stop?: () => Promise<void>;
    },
    leaseMs: number,
    onLine: (line: LogLine) => void,
  ) {
    this.#leaseMs = leaseMs;
    this.model = parts.model;
    this.#dataDir = parts.dataDir;
    this.#kafka = parts.kafka;
    this.#proxy = parts.proxy;
    this.#dynamodbStop = parts.stop;
    this.#onLine = onLine;
  }

  /** @param leaseMs after which somebody else takes a run over: long enough that nobody who is at work loses it */
  static async start(
    kind: 'embedded' | 'real',
    leaseMs: number,
    onLine: (line: LogLine) => void,
  ): Promise<StormSystem> {
    const dataDir = await mkdtemp(join(tmpdir(), 'switchboard-storm-'));
    const model = await startModelStub();
    if (kind === 'embedded') return new StormSystem({ model, dataDir }, leaseMs, onLine).#start();
    const [kafka, dynamodb] = await Promise.all([startRealKafka(cacheDir), startDynamoDbLocal(cacheDir)]);
    const proxy = await startFaultProxy(dynamodb.endpoint);
    return new StormSystem({ model, dataDir, kafka, proxy, stop: dynamodb.stop }, leaseMs, onLine).#start();
  }

  /** Address of the brokers. */
  get brokers(): string {
    return this.runtime.kafkaBrokers;
  }

  /** Name of a function as the template has it. */
  nameOf(component: string): string {
    const spec = this.runtime.model.functions.find(({ name }) => name.endsWith(`-${component}`));
    if (!spec) throw new Error(`The template has no ${component}.`);
    return spec.name;
  }

  async kill(component: string): Promise<void> {
    await this.runtime.killWorkers(this.nameOf(component));
  }

  /** Runs the sweep as its schedule does, but now. */
  async sweep(): Promise<void> {
    await this.runtime.invoke(this.nameOf('sweep'), {});
  }

  setFaults(faults: DynamoDbFaults | undefined): void {
    if (this.#proxy) this.#proxy.setFaults(faults);
    else (this.runtime.parts.dynamodb as EmbeddedDynamoDb).setFaults(faults);
  }

  /**
   * Restarts the broker: a real one by kill -9 under the running product. The embedded one loses all it held, first
   * together with the whole runtime, which is started again on its data, then under the running product, and so on.
   */
  async restartBroker(): Promise<void> {
    if (this.#kafka) return this.#kafka.restart('by kill -9');
    this.#losses += 1;
    if (this.#losses % 2 === 0) return this.runtime.loseKafka();
    await this.runtime.stop();
    await this.#up();
  }

  async stop(): Promise<void> {
    await this.line.stop();
    await this.runtime.stop();
    await this.model.close();
    await this.#proxy?.stop();
    await this.#dynamodbStop?.();
    await this.#kafka?.stop();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  async #start(): Promise<this> {
    this.line = await startSlowLine(() => this.runtime.url);
    return this.#up();
  }

  async #up(): Promise<this> {
    this.runtime = await createRuntime({
      assemblyDir: await prepare({ root, progress: () => undefined, signal: new AbortController().signal }),
      dataDir: this.#dataDir,
      compileCacheDir: join(root, '.cache', 'node'),
      openAiApiKey: 'test',
      openAiBaseUrl: this.model.env.OPENAI_BASE_URL,
      environment: {
        OPENAI_MODEL: 'stub',
        DISPATCH_LEASE_MS: String(this.#leaseMs),
        RESUME_LEASE_MS: String(this.#leaseMs),
        MODEL_IDLE_MS: '1500',
      },
      retryDelaysMs: [200, 400],
      log: this.#log(),
      ...(this.#kafka && { kafkaBrokers: this.#kafka.brokers }),
      ...(this.#proxy && { dynamodbEndpoint: this.#proxy.endpoint }),
    });
    this.#recordDeliveries();
    return this;
  }

  #recordDeliveries(): void {
    const { lambda } = this.runtime;
    const invoke = lambda.invoke.bind(lambda);
    lambda.invoke = async (request) => {
      if (request.payload.includes('"aws:kafka"')) this.delivered.push(request);
      return invoke(request);
    };
  }

  #log(): Log {
    const quiet = () => undefined;
    return {
      debug: quiet,
      info: quiet,
      warn: keep,
      error: keep,
      line: (text) => {
        keep(text);
        if (!text.startsWith('{')) return;
        this.#onLine(JSON.parse(text) as LogLine);
      },
      for: () => this.#log(),
    };
  }
}
