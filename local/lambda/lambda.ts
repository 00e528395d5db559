import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Log } from '../log.ts';
import type { FunctionSpec } from '../template/model.ts';
import { functionName } from '../template/resources/functions.ts';
import { AsyncQueue } from './async/queue.ts';
import { InvokeError } from './invoke-error.ts';
import { payloadLimits } from './limits.ts';
import { extendLineage, newTraceHeader, recursionLimit } from './lineage.ts';
import { WorkerPool } from './pool.ts';
import { defaultPoolLimits, type PoolLimits } from './pool-limits.ts';
import { reportLine } from './report-line.ts';
import type { Outcome } from './worker/function-worker.ts';
import { failure } from './worker/function-worker.ts';

export interface LambdaOptions {
  readonly functions: readonly FunctionSpec[];
  readonly environmentOf: (spec: FunctionSpec) => Readonly<Record<string, string>>;
  readonly dataDir: string;
  readonly compileCacheDir?: string;
  readonly limits?: Partial<PoolLimits>;
  readonly retryDelaysMs?: readonly number[];
  /** Called before each invocation: functions may produce to what event sources poll. */
  readonly onActivity?: () => void;
  readonly log: Log;
}

export interface InvokeRequest {
  /** Name, partial or full ARN, with or without a qualifier. */
  readonly functionName: string;
  /** JSON text. */
  readonly payload: string;
  readonly traceHeader?: string | undefined;
  readonly clientContext?: unknown;
}

/** Lambda: synchronous and asynchronous invocations of the functions of the template. */
export class Lambda {
  readonly #functions: Map<string, FunctionSpec>;
  readonly #pool: WorkerPool;
  readonly #queue: AsyncQueue;
  readonly #log: Log;
  readonly #onActivity: () => void;
  #stopped = false;

  constructor(options: LambdaOptions) {
    this.#log = options.log;
    this.#onActivity = options.onActivity ?? (() => undefined);
    this.#functions = new Map(options.functions.map((spec) => [spec.name, spec]));
    this.#pool = new WorkerPool(options.functions, {
      limits: { ...defaultPoolLimits, ...options.limits },
      environmentOf: options.environmentOf,
      ...(options.compileCacheDir === undefined ? {} : { compileCacheDir: options.compileCacheDir }),
      onLine: (spec, line) => options.log.for(spec.name).line(line),
      onEnd: (spec, requestId, ms) => options.log.for(spec.name).debug(reportLine(spec, requestId, ms)),
    });
    this.#queue = new AsyncQueue({
      journalFile: join(options.dataDir, 'async-invocations.jsonl'),
      functions: this.#functions,
      attempt: ({ id, functionName, payload, traceHeader }, onStart) =>
        this.#run(this.#find(functionName), { requestId: id, payload, traceHeader }, onStart),
      retryDelaysMs: options.retryDelaysMs ?? [60_000, 120_000],
      log: options.log,
    });
  }

  /** Delivers what an earlier process left in the queue. */
  recover(): number {
    return this.#queue.recover();
  }

  /** Waits for the answer. Throws InvokeError when the function did not run. */
  async invoke(request: InvokeRequest): Promise<Outcome & { readonly requestId: string }> {
    const spec = this.#find(request.functionName);
    if (Buffer.byteLength(request.payload) > payloadLimits.request) {
      throw new InvokeError(
        'RequestTooLargeException',
        `Request must be smaller than ${payloadLimits.request} bytes for the InvokeFunction operation`,
      );
    }
    const requestId = randomUUID();
    const { payload, traceHeader, clientContext } = request;
    const outcome = await this.#run(spec, {
      requestId,
      payload,
      traceHeader: traceHeader ?? newTraceHeader(),
      clientContext,
    });
    return { ...outcome, requestId };
  }

  /** Queues the event; it survives the death of this process. Throws InvokeError. Returns the request id. */
  invokeAsync(request: InvokeRequest): string {
    const spec = this.#find(request.functionName);
    return this.#queue.accept(spec.name, request.payload, request.traceHeader ?? newTraceHeader());
  }

  has(name: string): boolean {
    return this.#functions.has(functionName(name));
  }

  /** Loads a first worker of every function, one after the other, behind the running system. */
  async warm(): Promise<void> {
    for (const name of this.#functions.keys()) await this.#pool.warm(name);
  }

  /** Ends all workers of a function at once, for tests of what happens then. */
  killWorkers(name: string): Promise<void> {
    return this.#pool.kill(functionName(name));
  }

  /** Lets new workers take the place of all, with the environment as it is now. */
  retireWorkers(): void {
    this.#pool.retire();
  }

  /**
   * Puts new code or configuration of functions in place, as a deployment does: invocations under way end in the old
   * code, everything that starts from now on runs the new. What is queued stays queued. Only the `changed` ones get new
   * sandboxes.
   */
  update(specs: readonly FunctionSpec[], changed: readonly string[]): void {
    for (const spec of specs) {
      this.#functions.set(spec.name, spec);
      this.#pool.update(spec, changed.includes(spec.name));
    }
  }

  /** Worker threads that are alive. */
  workers(name?: string): number {
    return this.#pool.size(name);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#queue.stop();
    await this.#pool.stop();
  }

  #find(name: string): FunctionSpec {
    const spec = this.#functions.get(functionName(name));
    if (spec === undefined) throw new InvokeError('ResourceNotFoundException', `Function not found: ${name}`);
    return spec;
  }

  async #run(
    spec: FunctionSpec,
    request: { requestId: string; payload: string; traceHeader: string; clientContext?: unknown },
    onStart?: () => void,
  ): Promise<Outcome> {
    const { header, count } = extendLineage(request.traceHeader, spec.arn);
    if (count > recursionLimit && spec.recursiveLoop === 'Terminate') {
      throw new InvokeError(
        'RecursiveInvocationException',
        `Lambda has detected ${spec.name} being invoked in a recursive loop and stopped it`,
      );
    }
    if (spec.reservedConcurrency !== undefined && this.#pool.load(spec.name) >= spec.reservedConcurrency) {
      throw new InvokeError('TooManyRequestsException', 'Rate Exceeded.');
    }
    this.#onActivity();
    const outcome = await this.#pool.run(spec.name, { ...request, traceHeader: header }, onStart);
    if (outcome.functionError !== undefined && !this.#stopped) this.#report(spec, request.requestId, outcome.payload);
    if (Buffer.byteLength(outcome.payload) > payloadLimits.response) {
      return failure({
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: `Response payload size exceeded maximum allowed payload size (${payloadLimits.response} bytes).`,
      });
    }
    return outcome;
  }

  #report(spec: FunctionSpec, requestId: string, payload: string): void {
    const { errorType, errorMessage } = JSON.parse(payload) as { errorType?: string; errorMessage?: string };
    this.#log.for(spec.name).error(`${errorType ?? 'Error'}: ${errorMessage ?? ''} (request ${requestId})`);
  }
}
