import { availableParallelism } from 'node:os';

/** Shorter than this, a span says little of how busy a process is. */
const spanMs = 250;

/** How much of the machine's processors this process takes, all its threads together, of late. */
export class ProcessorUse {
  #since = performance.now();
  #usage = process.cpuUsage();
  #share = 0;

  /** 0 (at rest) to 1 (all processors), over the last quarter of a second or longer. */
  share(): number {
    const ms = performance.now() - this.#since;
    if (ms >= spanMs) {
      const { user, system } = process.cpuUsage(this.#usage);
      this.#share = (user + system) / 1000 / ms / availableParallelism();
      this.#since += ms;
      this.#usage = process.cpuUsage();
    }
    return this.#share;
  }
}
