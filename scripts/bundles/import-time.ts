import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '../../lib/functions/catalogue.ts';
import type { FunctionName } from '../../lib/functions/names.ts';

/** Milliseconds. */
export interface ImportTime {
  /** Median over the rounds, beyond the median of an empty function. */
  readonly usual: number;
  /** The least, beyond the least of an empty function: without what else the machine was doing. */
  readonly least: number;
}

const empty = 'an empty function';

/** Prints how long the import of `argv[1]` takes in a fresh process, without that process's own start. */
const probe = `const since = performance.now();
await import(process.argv[1]);
process.stdout.write(String(performance.now() - since));
process.exit(0);`;

/** Imports each bundle in fresh processes without any cache, round by round, so that what disturbs disturbs all. */
export function importTimes(
  functions: readonly FunctionName[],
  bundlePath: (name: FunctionName) => string,
  rounds: number,
): Map<FunctionName, ImportTime> {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-bundles-'));
  const nothing = join(folder, 'index.mjs');
  writeFileSync(nothing, 'export const handler = async () => undefined;\n');
  const seen = new Map<string, number[]>();
  try {
    for (let round = 0; round < rounds; round += 1) {
      note(seen, empty, timeImport(nothing, {}));
      for (const name of functions) note(seen, name, timeImport(bundlePath(name), environmentFor(name)));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const base = seen.get(empty) ?? [];
  return new Map(
    functions.map((name) => {
      const times = seen.get(name) ?? [];
      return [name, { usual: median(times) - median(base), least: Math.min(...times) - Math.min(...base) }];
    }),
  );
}

function timeImport(path: string, environment: Readonly<Record<string, string>>): number {
  const flags = ['--input-type=module', '-e', probe, path];
  return Number(execFileSync(process.execPath, flags, { env: environment, encoding: 'utf8' }));
}

/** Functions want their settings at import; nothing is called, and a producer that begins to connect is cut off. */
function environmentFor(name: FunctionName): Record<string, string> {
  const names = ['STAGE', 'LOG_LEVEL', ...catalogue[name].environment];
  const values = Object.fromEntries(names.map((variable) => [variable, 'x']));
  const addresses = { KAFKA_BROKERS: '127.0.0.1:1', KAFKA_AUTH: 'none', CALLBACK_URL: 'http://127.0.0.1:1' };
  return { ...values, ...addresses, AWS_REGION: 'us-east-1', LOG_LEVEL: 'error' };
}

function note(seen: Map<string, number[]>, name: string, value: number): void {
  seen.set(name, [...(seen.get(name) ?? []), value]);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
