import { readdirSync, readFileSync } from 'node:fs';

/** What a process has used; undefined where the system does not tell (it takes Linux's /proc). */
export interface Usage {
  /** Of all its threads since it started, in milliseconds. */
  readonly cpuMs: number;
  /** By name of the thread. */
  readonly threads: ReadonlyMap<string, number>;
  /** Resident, in MB. */
  readonly residentMb: number;
}

/** Linux counts in ticks of 10 ms. */
const tickMs = 10;

export function usageOf(pid: number): Usage | undefined {
  try {
    const threads = new Map<string, number>();
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      const { name, cpuMs } = statOf(`/proc/${pid}/task/${task}/stat`);
      threads.set(name, (threads.get(name) ?? 0) + cpuMs);
    }
    const resident = /VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return { cpuMs: statOf(`/proc/${pid}/stat`).cpuMs, threads, residentMb: Number(resident) / 1024 };
  } catch {
    return undefined;
  }
}

function statOf(path: string): { name: string; cpuMs: number } {
  const line = readFileSync(path, 'utf8');
  const end = line.lastIndexOf(')');
  const fields = line.slice(end + 2).split(' ');
  return { name: line.slice(line.indexOf('(') + 1, end), cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs };
}

/** CPU by thread between two looks, largest first, in milliseconds. */
export function threadsBetween(before: Usage, after: Usage): { name: string; cpuMs: number }[] {
  return [...after.threads]
    .map(([name, cpuMs]) => ({ name, cpuMs: cpuMs - (before.threads.get(name) ?? 0) }))
    .filter(({ cpuMs }) => cpuMs > 0)
    .sort((a, b) => b.cpuMs - a.cpuMs);
}

/** Of several processes together; undefined without any, or where the system does not tell. */
export function usageOfAll(pids: readonly number[]): Usage | undefined {
  const all = pids.map(usageOf);
  const known = all.filter((usage) => usage !== undefined);
  if (known.length === 0 || known.length < all.length) return undefined;
  const sum = (of: 'cpuMs' | 'residentMb'): number => known.reduce((total, usage) => total + usage[of], 0);
  const threads = new Map(
    known.flatMap((usage, index) => [...usage.threads].map(([name, ms]) => [`${index} ${name}`, ms])),
  );
  return { cpuMs: sum('cpuMs'), threads, residentMb: sum('residentMb') };
}
