import { setTimeout as sleep } from 'node:timers/promises';
import { KafkaError } from '../kafka/wire/kafka-error.ts';

/** An outage shorter than this is not worth a line. */
const worthALineMs = 1000;

/** Says once that the broker is away, once that it is back, and paces the attempts between. */
export class Outage {
  readonly #report: (line: string) => void;
  #since: number | undefined;
  #pauseMs = 0;
  #said: boolean = false;

  constructor(report: (line: string) => void) {
    this.#report = report;
  }

  /** Waits before the next attempt: 50 ms at first, 2 s in the end. */
  async failed(error: unknown, signal: AbortSignal): Promise<void> {
    const now = Date.now();
    this.#since ??= now;
    if (!this.#said && now - this.#since >= worthALineMs) {
      this.#said = true;
      this.#report(`cannot be read, trying on: ${error instanceof KafkaError ? error.message : String(error)}`);
    }
    this.#pauseMs = Math.min(2000, Math.max(50, this.#pauseMs * 2));
    await sleep(this.#pauseMs, undefined, { signal }).catch(() => undefined);
  }

  worked(): void {
    if (this.#said) this.#report('is read again');
    this.#since = undefined;
    this.#pauseMs = 0;
    this.#said = false;
  }
}
