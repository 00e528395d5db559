/** What a worker thread is started with. */
export interface WorkerInput {
  readonly codeDir: string;
  readonly handler: string;
  /** Folder of V8's compile cache, shared by all workers. */
  readonly compileCacheDir?: string;
}

/** One invocation, from the pool to a worker. `payload` is JSON text, as Lambda's runtime API hands it over. */
export interface Invocation {
  readonly requestId: string;
  readonly payload: string;
  /** Epoch milliseconds. */
  readonly deadlineMs: number;
  readonly invokedFunctionArn: string;
  readonly traceHeader: string;
  readonly clientContext?: unknown;
}

/** What goes wrong in a function, as Lambda answers it. */
export interface FunctionErrorPayload {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** From a worker to the pool. */
export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'init-error'; readonly error: FunctionErrorPayload }
  | { readonly type: 'result'; readonly requestId: string; readonly payload: string }
  | {
      readonly type: 'error';
      readonly requestId: string;
      readonly error: FunctionErrorPayload;
      readonly fatal: boolean;
    };
