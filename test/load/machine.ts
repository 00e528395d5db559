import { arch, availableParallelism, loadavg, totalmem, type } from 'node:os';

/** The kind of machine in words, and how busy it was when asked. */
export function machine(): string {
  const memory = Math.round(totalmem() / 1024 ** 3);
  const [load = 0] = loadavg();
  const cores = availableParallelism();
  return `${cores} cores shared by system, load and model stub; ${memory} GB; ${type()} ${arch()}; Node ${process.version}; load average ${load.toFixed(1)}`;
}
