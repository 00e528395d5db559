import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Log } from '../../log.ts';
import type { FunctionSpec } from '../../template/model.ts';
import { functionName } from '../../template/resources/functions.ts';
import { InvokeError } from '../invoke-error.ts';
import { payloadLimits } from '../limits.ts';
import { extendLineage } from '../lineage.ts';
import type { Outcome } from '../worker/function-worker.ts';
import { isQueue, keepInQueue } from './dead-queue.ts';
import { destinationRecord, type Ending } from './destination-record.ts';
import { Journal, type QueuedEvent, type Unfinished } from './journal.ts';

export interface AsyncQueueOptions {
  readonly journalFile: string;
  readonly functions: ReadonlyMap<string, FunctionSpec>;
  /** Runs one attempt. Throws InvokeError when Lambda does not run the function. */
  readonly attempt: (event: QueuedEvent, onStart: () => void) => Promise<Outcome>;
  /** Wait before the second and the third attempt, in milliseconds; AWS: one minute, then two. */
  readonly retryDelaysMs: readonly number[];
  readonly log: Log;
}

/** First and longest wait after a throttled attempt, in milliseconds; it doubles in between. */
const throttle = { firstMs: 1000, longestMs: 300_000 };

/** Lambda's queue of asynchronous invocations: attempts, event age, destinations, and nothing lost when all dies. */
export class AsyncQueue {
  readonly #options: AsyncQueueOptions;
  readonly #journal: Journal;
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopped = false;

  constructor(options: AsyncQueueOptions) {
    this.#options = options;
    this.#journal = new Journal(options.journalFile);
  }

  /** Takes up what an earlier process left: queued events are delivered, an attempt that died under way has failed. */
  recover(): number {
    const unfinished = this.#journal.unfinished();
    for (const left of unfinished) this.#takeUp(left);
    return unfinished.length;
  }

  /** Durable when it returns. Throws InvokeError. */
  accept(functionName: string, payload: string, traceHeader: string): string {
    if (Buffer.byteLength(payload) > payloadLimits.async) {
      throw new InvokeError(
        'RequestTooLargeException',
        `Request must be smaller than ${payloadLimits.async} bytes for the InvokeFunction operation`,
      );
    }
    const event = { id: randomUUID(), functionName, payload, acceptedAt: Date.now(), traceHeader };
    this.#journal.append({ t: 'queued', event });
    this.#deliver(event, 1);
    return event.id;
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#journal.close();
  }

  #takeUp({ event, attempt, state, dueAt, lastPayload }: Unfinished): void {
    if (state === 'queued') this.#deliver(event, 1);
    if (state === 'failed') this.#retry(event, attempt, dueAt ?? 0, lastPayload ?? 'null');
    if (state === 'started') {
      const error = {
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${event.id} Error: Runtime exited with error: signal: killed`,
      };
      this.#failed(event, attempt, JSON.stringify(error));
    }
  }

  #deliver(event: QueuedEvent, attempt: number, lastPayload?: string): void {
    const spec = this.#options.functions.get(event.functionName);
    if (spec === undefined) {
      this.#options.log.warn(`${event.functionName} is gone: an event for it is dropped`);
      this.#journal.append({ t: 'ended', id: event.id });
      return;
    }
    const response =
      lastPayload === undefined ? {} : { response: { payload: lastPayload, functionError: 'Unhandled' } };
    if (Date.now() - event.acceptedAt > spec.async.maximumEventAgeSeconds * 1000) {
      this.#end(event, spec, { condition: 'EventAgeExceeded', attempts: attempt - 1, ...response });
      return;
    }
    void this.#try(event, attempt, throttle.firstMs);
  }

  async #try(event: QueuedEvent, attempt: number, throttledMs: number): Promise<void> {
    try {
      const started = (): void => this.#write({ t: 'started', id: event.id, attempt });
      const outcome = await this.#options.attempt(event, started);
      if (this.#stopped) return;
      const spec = this.#options.functions.get(event.functionName);
      if (outcome.functionError !== undefined) this.#failed(event, attempt, outcome.payload);
      else if (spec !== undefined)
        this.#end(event, spec, { condition: 'Success', attempts: attempt, response: outcome });
    } catch (error) {
      if (this.#stopped) return;
      if (error instanceof InvokeError && error.code === 'TooManyRequestsException') {
        this.#later(throttledMs, () => this.#again(event, attempt, Math.min(throttledMs * 2, throttle.longestMs)));
      } else this.#refused(event, attempt, error);
    }
  }

  /** After a throttled attempt: the age decides, not the number of attempts. */
  #again(event: QueuedEvent, attempt: number, throttledMs: number): void {
    const spec = this.#options.functions.get(event.functionName);
    if (spec === undefined) return;
    const expired = Date.now() - event.acceptedAt > spec.async.maximumEventAgeSeconds * 1000;
    if (expired) this.#end(event, spec, { condition: 'EventAgeExceeded', attempts: attempt - 1 });
    else void this.#try(event, attempt, throttledMs);
  }

  #failed(event: QueuedEvent, attempt: number, payload: string): void {
    const spec = this.#options.functions.get(event.functionName);
    if (spec !== undefined && attempt <= spec.async.maximumRetryAttempts) {
      const delays = this.#options.retryDelaysMs;
      const dueAt = Date.now() + (delays[attempt - 1] ?? delays.at(-1) ?? 0);
      this.#journal.append({ t: 'failed', id: event.id, attempt, dueAt, payload });
      this.#retry(event, attempt, dueAt, payload);
    } else if (spec !== undefined) {
      const response = { payload, functionError: 'Unhandled' };
      this.#end(event, spec, { condition: 'RetriesExhausted', attempts: attempt, response });
    } else this.#write({ t: 'ended', id: event.id });
  }

  #retry(event: QueuedEvent, attempt: number, dueAt: number, payload: string): void {
    this.#later(Math.max(0, dueAt - Date.now()), () => this.#deliver(event, attempt + 1, payload));
  }

  /** Lambda would not run it at all, for instance because it goes round in a circle: straight to the destination. */
  #refused(event: QueuedEvent, attempt: number, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#options.log.warn(`${event.functionName}: ${message}`);
    const spec = this.#options.functions.get(event.functionName);
    if (spec === undefined) this.#write({ t: 'ended', id: event.id });
    else this.#end(event, spec, { condition: 'RetriesExhausted', attempts: attempt - 1 });
  }

  #end(event: QueuedEvent, spec: FunctionSpec, ending: Ending): void {
    const target = ending.condition === 'Success' ? spec.async.onSuccess : spec.async.onFailure;
    if (ending.condition !== 'Success') this.#options.log.warn(`${spec.name}: asynchronous event ${ending.condition}`);
    if (target !== undefined && isQueue(target)) this.#toQueue(event, spec, ending, target);
    const next =
      target === undefined || isQueue(target) ? undefined : this.#record(event, spec, ending, functionName(target));
    this.#write({ t: 'ended', id: event.id, ...(next === undefined ? {} : { next }) });
    if (next !== undefined) this.#deliver(next, 1);
  }

  #toQueue(event: QueuedEvent, spec: FunctionSpec, ending: Ending, queueArn: string): void {
    const folder = join(dirname(this.#options.journalFile), 'queues');
    const file = keepInQueue(folder, queueArn, destinationRecord(event, spec.arn, ending, Date.now()));
    this.#options.log.error(`${spec.name}: the event of a call that failed for good is kept in ${file}`);
  }

  #record(event: QueuedEvent, spec: FunctionSpec, ending: Ending, target: string): QueuedEvent | undefined {
    const now = Date.now();
    const payload = destinationRecord(event, spec.arn, ending, now);
    if (Buffer.byteLength(payload) > payloadLimits.async || !this.#options.functions.has(target)) {
      this.#options.log.error(
        `${spec.name}: its destination ${target} cannot take the record (${Buffer.byteLength(payload)} bytes)`,
      );
      return undefined;
    }
    const { header: traceHeader } = extendLineage(event.traceHeader, spec.arn);
    return { id: randomUUID(), functionName: target, payload, acceptedAt: now, traceHeader };
  }

  #write(entry: Parameters<Journal['append']>[0]): void {
    if (!this.#stopped) this.#journal.append(entry);
  }

  #later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#stopped) run();
    }, ms);
    this.#timers.add(timer);
  }
}
