import { setTimeout as sleep } from 'node:timers/promises';
import { KafkaError } from '../kafka/wire/kafka-error.ts';

/** Says once that the broker is away, once that it is back, and paces the attempts between. */
export class Outage {
  readonly #report: (line: string) => void;
  #failures = 0;
  #said: boolean = false;

  constructor(report: (line: string) => void) {
    this.#report = report;
  }

  /** Waits before the next attempt: 50 ms at first, 2 s in the end. A single hiccup is not worth a line. */
  async failed(error: unknown, signal: AbortSignal): Promise<void> {
    this.#failures += 1;
    if (this.#failures === 2 && !signal.aborted) {
      this.#said = true;
      this.#report(`cannot be read, trying on: ${error instanceof KafkaError ? error.message : String(error)}`);
    }
    const wait = Math.min(2000, 50 * 2 ** (this.#failures - 1));
    await sleep(wait, undefined, { signal }).catch(() => undefined);
  }

  worked(): void {
    if (this.#said) this.#report('is read again');
    this.#failures = 0;
    this.#said = false;
  }
}
