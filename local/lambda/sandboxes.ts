import type { FunctionSpec } from '../template/model.ts';
import type { FunctionWorker, Outcome } from './worker/function-worker.ts';
import type { Invocation } from './worker/protocol.ts';

export type PoolRequest = Pick<Invocation, 'requestId' | 'payload' | 'traceHeader' | 'clientContext'>;

/** A request that waits for a worker. */
export interface Job {
  readonly request: PoolRequest;
  readonly settle: (outcome: Outcome) => void;
  readonly onStart: (() => void) | undefined;
  readonly since: number;
}

/** The sandboxes of one function, and what waits for them. */
export class Sandboxes {
  spec: FunctionSpec;
  readonly workers = new Set<FunctionWorker>();
  /** Most recently used last; taken from the end, so that spare ones grow old. */
  readonly idle: FunctionWorker[] = [];
  readonly waiting: Job[] = [];
  starting = 0;
  running = 0;
  growth: NodeJS.Timeout | undefined;
  /** Milliseconds that an invocation takes, of late; none are known yet. */
  takesMs: number | undefined;

  constructor(spec: FunctionSpec) {
    this.spec = spec;
  }

  /** Invocations that are running or wait for a worker. */
  get load(): number {
    return this.running + this.waiting.length;
  }

  /** The worker is gone, or is about to be. */
  forget(worker: FunctionWorker): void {
    this.workers.delete(worker);
    const at = this.idle.indexOf(worker);
    if (at >= 0) this.idle.splice(at, 1);
  }
}
