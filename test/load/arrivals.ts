import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Starts work at a fixed rate, whether or not what was started before has ended (an open loop: a slow system does not
 * slow the load down). `start` gets the time at which its turn was due, on the clock of `performance.now()`: measured
 * from there, waiting for a late start counts too. Resolves when all has ended.
 */
export async function openLoop(
  perSecond: number,
  seconds: number,
  start: (index: number, due: number) => Promise<void>,
): Promise<void> {
  const begin = performance.now();
  const count = Math.round(perSecond * seconds);
  const started: Promise<void>[] = [];
  for (let index = 0; index < count; index += 1) {
    const due = begin + (index * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 1) await sleep(early);
    started.push(start(index, due));
  }
  await Promise.all(started);
}

/** Every worker does one thing after the other until time is up. @returns how many were done within that time */
export async function closedLoop(
  workers: number,
  seconds: number,
  work: (worker: number) => Promise<void>,
): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      while (performance.now() < end) {
        await work(worker);
        if (performance.now() <= end) done += 1;
      }
    }),
  );
  return done;
}
