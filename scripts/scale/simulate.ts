import { percentile } from '../../test/load/percentiles.ts';

/** An event source under a load; times in milliseconds. */
export interface SourceLoad {
  readonly perSecond: number;
  readonly partitions: number;
  /** Invocations at once: five per poller. */
  readonly slots: number;
  readonly batchSize: number;
  /** One invocation: `baseMs`, and `perRecordMs` for each of its records, which are handled side by side on one core. */
  readonly baseMs: number;
  readonly perRecordMs: number;
  readonly seconds: number;
  /** Every so many records one is slow: what it is handled for. */
  readonly slowEvery?: number;
  readonly slowMs?: number;
}

/** How long records waited until their invocation was done. */
export interface Waited {
  readonly p50: number;
  readonly p99: number;
  /** Records still waiting at the end: more than a second's worth means that the source does not keep up. */
  readonly left: number;
  readonly meanBatch: number;
}

interface Waiting {
  readonly at: number;
  readonly slow: boolean;
}

/**
 * A Kafka event source as AWS describes it: records are hashed over partitions, a partition has one invocation at a time, a
 * batch takes all that waits up to its size, and no more invocations run than there are slots. Arrivals are Poisson.
 */
export function simulate(load: SourceLoad, random: () => number = Math.random): Waited {
  const queues: Waiting[][] = Array.from({ length: load.partitions }, () => []);
  const busyUntil = new Array<number>(load.partitions).fill(0);
  const waits: number[] = [];
  const batches: number[] = [];
  const end = load.seconds * 1000;
  let arrival = 0;
  let count = 0;
  for (let now = 0; now < end; now += 1) {
    while (arrival <= now) {
      count += 1;
      const slow = load.slowEvery !== undefined && count % load.slowEvery === 0;
      queues[Math.floor(random() * load.partitions)]?.push({ at: arrival, slow });
      arrival += (-Math.log(1 - random()) * 1000) / load.perSecond;
    }
    let running = busyUntil.filter((until) => until > now).length;
    // The longest waiting first, as a fair poller would.
    const ready = queues
      .map((queue, partition) => ({ queue, partition }))
      .filter(({ queue, partition }) => queue.length > 0 && (busyUntil[partition] ?? 0) <= now)
      .sort((a, b) => (a.queue[0]?.at ?? 0) - (b.queue[0]?.at ?? 0));
    for (const { queue, partition } of ready) {
      if (running >= load.slots) break;
      running += 1;
      const batch = queue.splice(0, load.batchSize);
      const slowMs = batch.some(({ slow }) => slow) ? (load.slowMs ?? 0) : 0;
      const done = now + Math.max(load.baseMs + batch.length * load.perRecordMs, slowMs);
      busyUntil[partition] = done;
      batches.push(batch.length);
      for (const { at } of batch) waits.push(done - at);
    }
  }
  waits.sort((a, b) => a - b);
  return {
    p50: percentile(waits, 0.5),
    p99: percentile(waits, 0.99),
    left: queues.reduce((sum, queue) => sum + queue.length, 0),
    meanBatch: batches.reduce((sum, size) => sum + size, 0) / batches.length,
  };
}
