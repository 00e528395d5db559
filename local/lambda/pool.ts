import { randomUUID } from 'node:crypto';
import type { FunctionSpec } from '../template/model.ts';
import type { PoolLimits } from './pool-limits.ts';
import { type Job, type PoolRequest, Sandboxes } from './sandboxes.ts';
import { averaged, Sizing } from './sizing.ts';
import { FunctionWorker, failure, type Outcome } from './worker/function-worker.ts';

export interface PoolOptions {
  readonly limits: PoolLimits;
  readonly environmentOf: (spec: FunctionSpec) => Readonly<Record<string, string>>;
  readonly compileCacheDir?: string;
  readonly onLine: (spec: FunctionSpec, line: string) => void;
  /** After each invocation: the milliseconds for which its worker was taken. */
  readonly onEnd: (spec: FunctionSpec, requestId: string, ms: number) => void;
}

/** Runs invocations on worker threads: one each, reused while warm, more when there is more to do, within the limits. */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #functions = new Map<string, Sandboxes>();
  readonly #sizing: Sizing;
  readonly #reaper: NodeJS.Timeout;
  readonly #retired = new WeakSet<FunctionWorker>();
  #stopped = false;

  constructor(functions: readonly FunctionSpec[], options: PoolOptions) {
    this.#options = options;
    for (const spec of functions) this.#functions.set(spec.name, new Sandboxes(spec));
    this.#sizing = new Sizing(options.limits, this.#functions);
    this.#reaper = setInterval(() => this.#reap(), Math.min(options.limits.spareIdleMs, 5000)).unref();
  }

  /** Invocations of the function that are running or wait for a worker. */
  load(name: string): number {
    return this.#functions.get(name)?.load ?? 0;
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
      this.#functions.set(spec.name, new Sandboxes(spec));
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

  #pumpAll(): void {
    if (this.#stopped) return;
    for (const sandboxes of this.#functions.values()) {
      if (sandboxes.waiting.length > 0) this.#pump(sandboxes);
    }
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
      this.#rest(sandboxes, worker);
      job.settle(outcome);
      this.#pump(sandboxes);
    });
  }

  /** Retired while it was loaded or busy, a worker is not to run its code any more. */
  #rest(sandboxes: Sandboxes, worker: FunctionWorker): void {
    if (worker.alive && this.#retired.has(worker)) this.#end(sandboxes, worker);
    else if (worker.alive) sandboxes.idle.push(worker);
  }

  /** Starts a worker when requests wait for longer than it is worth to wait for a busy one. */
  #grow(sandboxes: Sandboxes): void {
    clearTimeout(sandboxes.growth);
    const [oldest] = sandboxes.waiting;
    if (oldest === undefined || sandboxes.waiting.length <= sandboxes.starting || this.#stopped) return;
    const due = oldest.since + this.#sizing.patienceMs(sandboxes) - performance.now();
    if (sandboxes.workers.size > 0 && due > 0) {
      sandboxes.growth = setTimeout(() => this.#grow(sandboxes), due);
      return;
    }
    const place = this.#sizing.place(sandboxes);
    if (place === 'none') return;
    if (place !== 'free') this.#end(place.sandboxes, place.worker);
    void this.#start(sandboxes);
  }

  async #start(sandboxes: Sandboxes): Promise<void> {
    sandboxes.starting += 1;
    const since = performance.now();
    const worker = this.#newWorker(sandboxes);
    sandboxes.workers.add(worker);
    const error = await worker.initialized();
    sandboxes.starting -= 1;
    this.#sizing.started(performance.now() - since);
    if (error === undefined && worker.alive) {
      worker.idleSince = performance.now();
      this.#rest(sandboxes, worker);
    } else {
      // One request learns why; were there none, the next one tries again and learns it then.
      const outcome = failure(error ?? { errorType: 'Runtime.ExitError', errorMessage: 'Error: Runtime exited' });
      sandboxes.waiting.shift()?.settle(outcome);
    }
    this.#pumpAll();
  }

  #newWorker(sandboxes: Sandboxes): FunctionWorker {
    const { spec } = sandboxes;
    const { environmentOf, compileCacheDir, onLine } = this.#options;
    const worker = new FunctionWorker({
      name: spec.name,
      codeDir: spec.codeDir,
      handler: spec.handler,
      memoryMb: spec.memoryMb,
      environment: { ...environmentOf(spec), AWS_LAMBDA_LOG_STREAM_NAME: randomUUID() },
      ...(compileCacheDir === undefined ? {} : { compileCacheDir }),
      onLine: (line) => onLine(spec, line),
      onExit: () => {
        sandboxes.forget(worker);
        this.#pumpAll();
      },
    });
    return worker;
  }

  #reap(): void {
    for (const { sandboxes, worker } of this.#sizing.surplus()) this.#end(sandboxes, worker);
  }

  #end(sandboxes: Sandboxes, worker: FunctionWorker): void {
    sandboxes.forget(worker);
    void worker.terminate();
  }
}
