import { randomUUID } from 'node:crypto';
import type { FunctionSpec } from '../template/model.ts';
import { FunctionWorker, failure, type Outcome } from './worker/function-worker.ts';
import type { Invocation } from './worker/protocol.ts';

export interface PoolLimits {
  /** Threads of all functions together. A function without any gets one even beyond that, so none waits for ever. */
  readonly total: number;
  readonly perFunction: number;
  /** Threads that load at the same time: each takes 100-200 ms of a core. */
  readonly starting: number;
  /**
   * A request waits at least this long for a busy worker before another one is started; and for as long as a start takes
   * where the busy ones will be there sooner.
   */
  readonly growAfterMs: number;
  /**
   * Idle for this long, a worker gives its place to another function that wants more. Sooner, functions under load take it from
   * each other in turns: 700 starts in ten minutes, and twice the memory that the living ones need.
   */
  readonly evictAfterMs: number;
  /** A worker beyond the first of its function is ended after this long without work. */
  readonly spareIdleMs: number;
  /** The last worker of a function is ended after this long without work. */
  readonly idleMs: number;
  /** And after this long if it never had any: most functions are not needed by everyone who starts the runtime. */
  readonly unusedMs: number;
}

export const defaultPoolLimits: PoolLimits = {
  total: 24,
  perFunction: 12,
  starting: 2,
  growAfterMs: 10,
  evictAfterMs: 5_000,
  spareIdleMs: 20_000,
  idleMs: 600_000,
  unusedMs: 60_000,
};

export interface PoolOptions {
  readonly limits: PoolLimits;
  readonly environmentOf: (spec: FunctionSpec) => Readonly<Record<string, string>>;
  readonly compileCacheDir?: string;
  readonly onLine: (spec: FunctionSpec, line: string) => void;
  /** After each invocation: the milliseconds for which its worker was taken. */
  readonly onEnd: (spec: FunctionSpec, requestId: string, ms: number) => void;
}

export type PoolRequest = Pick<Invocation, 'requestId' | 'payload' | 'traceHeader' | 'clientContext'>;

interface Job {
  readonly request: PoolRequest;
  readonly settle: (outcome: Outcome) => void;
  readonly onStart: (() => void) | undefined;
  readonly since: number;
}

/** The sandboxes of one function. */
interface Sandboxes {
  spec: FunctionSpec;
  readonly workers: Set<FunctionWorker>;
  /** Most recently used last; taken from the end, so that spare ones grow old. */
  readonly idle: FunctionWorker[];
  readonly waiting: Job[];
  starting: number;
  running: number;
  growth: NodeJS.Timeout | undefined;
  /** Milliseconds that an invocation takes, of late; none are known yet. */
  takesMs: number | undefined;
}

const newSandboxes = (spec: FunctionSpec): Sandboxes => ({
  spec,
  workers: new Set(),
  idle: [],
  waiting: [],
  starting: 0,
  running: 0,
  growth: undefined,
  takesMs: undefined,
});

/** A moving average: the last five values or so count. */
const averaged = (average: number | undefined, value: number): number =>
  average === undefined ? value : average + (value - average) / 5;

/** Runs invocations on worker threads: one each, reused while warm, more when there is more to do, within the limits. */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #functions = new Map<string, Sandboxes>();
  readonly #reaper: NodeJS.Timeout;
  readonly #retired = new WeakSet<FunctionWorker>();
  /** Milliseconds that the start of a worker takes, of late. */
  #startsMs: number | undefined;
  #stopped = false;

  constructor(functions: readonly FunctionSpec[], options: PoolOptions) {
    this.#options = options;
    for (const spec of functions) this.#functions.set(spec.name, newSandboxes(spec));
    this.#reaper = setInterval(() => this.#reap(), Math.min(options.limits.spareIdleMs, 5000)).unref();
  }

  /** Invocations of the function that are running or wait for a worker. */
  load(name: string): number {
    const found = this.#functions.get(name);
    return found === undefined ? 0 : found.running + found.waiting.length;
  }

  /** Threads that are alive, of one function or of all. */
  size(name?: string): number {
    if (name !== undefined) return this.#functions.get(name)?.workers.size ?? 0;
    return [...this.#functions.values()].reduce((sum, { workers }) => sum + workers.size, 0);
  }

  /** `onStart` is called when a worker takes the request, before the function sees it. */
  run(name: string, request: PoolRequest, onStart?: () => void): Promise<Outcome> {
    const sandboxes = this.#functions.get(name);
    if (sandboxes === undefined || this.#stopped)
      return Promise.resolve(failure({ errorType: 'ServiceException', errorMessage: 'stopped' }));
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    sandboxes.waiting.push({ request, settle: resolve, onStart, since: performance.now() });
    this.#pump(sandboxes);
    return promise;
  }

  /** Starts a first worker, so that the first request finds it warm. */
  async warm(name: string): Promise<void> {
    const sandboxes = this.#functions.get(name);
    if (sandboxes !== undefined && sandboxes.workers.size === 0 && !this.#stopped) await this.#start(sandboxes);
  }

  /** Ends all workers of a function at once, as when their host dies. */
  async kill(name: string): Promise<void> {
    const workers = [...(this.#functions.get(name)?.workers ?? [])];
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  /** Lets no worker take another request: idle ones end now, busy ones with what they do. New ones take their place. */
  retire(): void {
    for (const sandboxes of this.#functions.values()) this.#retire(sandboxes);
  }

  /** Puts a function's new code or configuration in place, or a new function. When `changed`, only new workers run it. */
  update(spec: FunctionSpec, changed: boolean): void {
    const sandboxes = this.#functions.get(spec.name);
    if (sandboxes === undefined) {
      this.#functions.set(spec.name, newSandboxes(spec));
      return;
    }
    sandboxes.spec = spec;
    if (changed) this.#retire(sandboxes);
    this.#pump(sandboxes);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#reaper);
    await Promise.all(
      [...this.#functions.values()].flatMap(({ workers }) => [...workers].map((worker) => worker.terminate())),
    );
  }

  #retire(sandboxes: Sandboxes): void {
    for (const worker of sandboxes.workers) this.#retired.add(worker);
    for (const worker of [...sandboxes.idle]) this.#end(sandboxes, worker);
  }

  #pump(sandboxes: Sandboxes): void {
    while (sandboxes.waiting.length > 0) {
      const worker = sandboxes.idle.pop();
      if (worker === undefined) break;
      if (worker.alive) this.#assign(sandboxes, worker, sandboxes.waiting.shift());
    }
    this.#grow(sandboxes);
  }

  #assign(sandboxes: Sandboxes, worker: FunctionWorker, job: Job | undefined): void {
    if (job === undefined) return;
    const { spec } = sandboxes;
    sandboxes.running += 1;
    job.onStart?.();
    const invocation = {
      ...job.request,
      invokedFunctionArn: spec.arn,
      deadlineMs: Date.now() + spec.timeoutSeconds * 1000,
    };
    const since = performance.now();
    void worker.run(invocation, spec.timeoutSeconds).then((outcome) => {
      const took = performance.now() - since;
      sandboxes.running -= 1;
      sandboxes.takesMs = averaged(sandboxes.takesMs, took);
      this.#options.onEnd(spec, job.request.requestId, took);
      if (worker.alive && this.#retired.has(worker)) this.#end(sandboxes, worker);
      else if (worker.alive) sandboxes.idle.push(worker);
      job.settle(outcome);
      this.#pump(sandboxes);
    });
  }

  /** Starts a worker when requests wait for longer than it is worth to wait for a busy one. */
  #grow(sandboxes: Sandboxes): void {
    clearTimeout(sandboxes.growth);
    const [oldest] = sandboxes.waiting;
    if (oldest === undefined || sandboxes.waiting.length <= sandboxes.starting || this.#stopped) return;
    const due = oldest.since + this.#patienceMs(sandboxes) - performance.now();
    if (sandboxes.workers.size > 0 && due > 0) {
      sandboxes.growth = setTimeout(() => this.#grow(sandboxes), due);
      return;
    }
    if (this.#mayStart(sandboxes)) void this.#start(sandboxes);
  }

  /**
   * A worker takes 200 ms of a core to start, and as much again until its code is compiled. Started for a queue that is
   * gone by then, it makes everything slower, the queue longer, and so more workers: on a busy machine, for good.
   */
  #patienceMs({ takesMs, waiting, workers }: Sandboxes): number {
    const { growAfterMs } = this.#options.limits;
    if (takesMs === undefined || this.#startsMs === undefined) return growAfterMs;
    const queueMs = (takesMs * waiting.length) / workers.size;
    return queueMs < this.#startsMs ? Math.max(growAfterMs, this.#startsMs) : growAfterMs;
  }

  #mayStart(sandboxes: Sandboxes): boolean {
    const { limits } = this.#options;
    const starting = [...this.#functions.values()].reduce((sum, other) => sum + other.starting, 0);
    if (sandboxes.workers.size >= limits.perFunction) return false;
    if (sandboxes.workers.size === 0) return true;
    if (starting >= limits.starting) return false;
    return this.size() < limits.total || this.#evict(sandboxes);
  }

  /** Makes room by ending the worker of another function that has been idle for longest. */
  #evict(sandboxes: Sandboxes): boolean {
    const candidates = [...this.#functions.values()].filter((other) => other !== sandboxes && other.workers.size > 1);
    const idle = candidates.flatMap((other) => other.idle.map((worker) => ({ other, worker })));
    const oldest = idle.sort((a, b) => a.worker.idleSince - b.worker.idleSince)[0];
    if (oldest === undefined) return false;
    if (performance.now() - oldest.worker.idleSince < this.#options.limits.evictAfterMs) return false;
    this.#end(oldest.other, oldest.worker);
    return true;
  }

  async #start(sandboxes: Sandboxes): Promise<void> {
    const { spec } = sandboxes;
    const { environmentOf, compileCacheDir, onLine } = this.#options;
    sandboxes.starting += 1;
    const since = performance.now();
    const worker = new FunctionWorker({
      name: spec.name,
      codeDir: spec.codeDir,
      handler: spec.handler,
      memoryMb: spec.memoryMb,
      environment: { ...environmentOf(spec), AWS_LAMBDA_LOG_STREAM_NAME: randomUUID() },
      ...(compileCacheDir === undefined ? {} : { compileCacheDir }),
      onLine: (line) => onLine(spec, line),
      onExit: () => {
        sandboxes.workers.delete(worker);
        const at = sandboxes.idle.indexOf(worker);
        if (at >= 0) sandboxes.idle.splice(at, 1);
        this.#pumpAll();
      },
    });
    sandboxes.workers.add(worker);
    const error = await worker.initialized();
    sandboxes.starting -= 1;
    this.#startsMs = averaged(this.#startsMs, performance.now() - since);
    if (error === undefined && worker.alive) {
      // Retired while it was loaded: what it loaded is not to be run any more.
      if (this.#retired.has(worker)) this.#end(sandboxes, worker);
      else {
        worker.idleSince = performance.now();
        sandboxes.idle.push(worker);
      }
    } else {
      // One request learns why; were there none, the next one tries again and learns it then.
      const outcome = failure(error ?? { errorType: 'Runtime.ExitError', errorMessage: 'Error: Runtime exited' });
      sandboxes.waiting.shift()?.settle(outcome);
    }
    this.#pumpAll();
  }

  #pumpAll(): void {
    if (this.#stopped) return;
    for (const sandboxes of this.#functions.values()) {
      if (sandboxes.waiting.length > 0) this.#pump(sandboxes);
    }
  }

  #reap(): void {
    const { spareIdleMs, idleMs, unusedMs } = this.#options.limits;
    for (const sandboxes of this.#functions.values()) {
      for (const worker of [...sandboxes.idle]) {
        const age = performance.now() - worker.idleSince;
        const patience = sandboxes.workers.size > 1 ? spareIdleMs : worker.used ? idleMs : unusedMs;
        if (age > patience) this.#end(sandboxes, worker);
      }
    }
  }

  #end(sandboxes: Sandboxes, worker: FunctionWorker): void {
    sandboxes.workers.delete(worker);
    const at = sandboxes.idle.indexOf(worker);
    if (at >= 0) sandboxes.idle.splice(at, 1);
    void worker.terminate();
  }
}
