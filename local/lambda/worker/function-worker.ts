import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import type { FunctionErrorPayload, Invocation, WorkerInput, WorkerMessage } from './protocol.ts';
import { bootstrapUrl } from './source.ts';

/** AWS gives a function ten seconds to initialize. */
const initLimitMs = 10_000;

export interface WorkerOptions extends WorkerInput {
  readonly name: string;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** Called once, when the thread is gone for whatever reason. */
  readonly onExit: () => void;
}

/** What came of an invocation: `payload` is JSON text. */
export interface Outcome {
  readonly payload: string;
  readonly functionError?: 'Unhandled';
}

interface Pending {
  readonly requestId: string;
  /** `performance.now()` */
  readonly since: number;
  readonly settle: (outcome: Outcome) => void;
}

/** One thread that runs one invocation at a time, and never takes anything else down with it. */
export class FunctionWorker {
  readonly #worker: Worker;
  readonly #ready = Promise.withResolvers<FunctionErrorPayload | undefined>();
  #pending: Pending | undefined;
  #alive = true;
  #fatal: FunctionErrorPayload | undefined;
  /** `performance.now()` of the last end of an invocation. */
  idleSince = performance.now();
  /** Whether it ever got an invocation. */
  used = false;

  constructor(options: WorkerOptions) {
    const { codeDir, handler, compileCacheDir, memoryMb } = options;
    this.#worker = new Worker(bootstrapUrl(), {
      // Linux shows 15 characters of a thread's name; functions of an app begin alike.
      name: options.name.slice(-15),
      env: { ...options.environment },
      stdout: true,
      stderr: true,
      workerData: {
        codeDir,
        handler,
        ...(compileCacheDir === undefined ? {} : { compileCacheDir }),
      } satisfies WorkerInput,
      // A young generation of 8 MB instead of 48 saves about 10 MB of resident memory in each worker.
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 8 },
    });
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      createInterface({ input: stream }).on('line', options.onLine);
    }
    const timer = setTimeout(
      () => this.#fail({ errorType: 'Sandbox.Timedout', errorMessage: 'Error: Init timed out' }),
      initLimitMs,
    );
    this.#worker.on('message', (message: WorkerMessage) => {
      if (message.type === 'ready' || message.type === 'init-error') clearTimeout(timer);
      this.#receive(message);
    });
    this.#worker.on('error', (error: Error & { code?: string }) => this.#noteFatal(error));
    // A worker that dies while it is loaded, or by process.exit, sends no message: its exit is the only sign.
    this.#worker.on('exit', (code) => {
      clearTimeout(timer);
      this.#exited(code);
      options.onExit();
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Milliseconds since it took the invocation that it runs; 0 when it runs none. */
  get busyForMs(): number {
    return this.#pending === undefined ? 0 : performance.now() - this.#pending.since;
  }

  /** When the function is loaded: undefined, or what went wrong while it was. */
  initialized(): Promise<FunctionErrorPayload | undefined> {
    return this.#ready.promise;
  }

  /** Runs one invocation; always settles, at the latest when the time is over. */
  run(invocation: Invocation, timeoutSeconds: number): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.used = true;
    const timer = setTimeout(
      () => {
        const seconds = timeoutSeconds.toFixed(2);
        this.#fail({
          errorType: 'Sandbox.Timedout',
          errorMessage: `RequestId: ${invocation.requestId} Error: Task timed out after ${seconds} seconds`,
        });
      },
      Math.max(0, invocation.deadlineMs - Date.now()),
    );
    this.#pending = {
      requestId: invocation.requestId,
      since: performance.now(),
      settle: (outcome) => {
        clearTimeout(timer);
        this.#pending = undefined;
        this.idleSince = performance.now();
        resolve(outcome);
      },
    };
    if (this.#alive) this.#worker.postMessage(invocation);
    else this.#exited(1);
    return promise;
  }

  /** Ends the thread, whatever it is doing. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(message: WorkerMessage): void {
    switch (message.type) {
      case 'ready':
        this.#ready.resolve(undefined);
        break;
      case 'init-error':
        this.#fail(message.error);
        break;
      case 'result':
        if (message.requestId === this.#pending?.requestId) this.#pending.settle({ payload: message.payload });
        break;
      case 'error':
        if (message.fatal) this.#fatal = message.error;
        else if (message.requestId === this.#pending?.requestId) this.#pending.settle(failure(message.error));
        break;
    }
  }

  /** The invocation has failed for good and the thread is of no further use. */
  #fail(error: FunctionErrorPayload): void {
    this.#alive = false;
    this.#fatal = error;
    this.#ready.resolve(error);
    this.#pending?.settle(failure(error));
    void this.#worker.terminate();
  }

  #noteFatal(error: Error & { code?: string }): void {
    const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    this.#fatal = outOfMemory
      ? { errorType: 'Runtime.OutOfMemory', errorMessage: 'Error: Runtime exited with error: signal: killed' }
      : { errorType: error.name, errorMessage: error.message };
  }

  #exited(code: number): void {
    this.#alive = false;
    const reason =
      code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`;
    const error = this.#fatal ?? { errorType: 'Runtime.ExitError', errorMessage: `Error: ${reason}` };
    this.#ready.resolve(error);
    const pending = this.#pending;
    pending?.settle(failure(withRequestId(error, pending.requestId)));
  }
}

export function failure(error: FunctionErrorPayload): Outcome {
  return { payload: JSON.stringify(error), functionError: 'Unhandled' };
}

/** Lambda names the request in errors of the sandbox, not in those of the function's own code. */
function withRequestId(error: FunctionErrorPayload, requestId: string): FunctionErrorPayload {
  const sandbox = error.errorType === 'Runtime.ExitError' || error.errorType === 'Runtime.OutOfMemory';
  return sandbox ? { ...error, errorMessage: `RequestId: ${requestId} ${error.errorMessage}` } : error;
}
