import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { type FunctionName, functionNames } from '../lib/functions/names.ts';
import { buildAll } from './build.ts';
import { budgets } from './bundles/budgets.ts';
import { type Bundle, bundlesOf } from './bundles/contents.ts';
import { importTimes } from './bundles/import-time.ts';

/**
 * Builds the functions, and prints what each bundle weighs, what its import takes and what is in it. Names on the
 * command line limit it to these functions and show all of their packages. Exits with 1 when a budget is exceeded.
 */
const root = join(import.meta.dirname, '..');
const rounds = 11;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(functionNames as readonly string[]).includes(name));
if (unknown.length > 0) {
  console.error(`No function is called ${unknown.join(', ')}; there are ${functionNames.join(', ')}.`);
  process.exit(1);
}
const chosen = asked.length > 0 ? (asked as FunctionName[]) : functionNames;

await buildAll(root);
const metafile = JSON.parse(readFileSync(join(root, 'dist', 'meta.json'), 'utf8')) as Metafile;
const bundles = new Map(bundlesOf(metafile).map((bundle) => [bundle.name, bundle]));
const times = importTimes(chosen, (name) => join(root, 'dist', 'lambdas', name, 'index.mjs'), rounds);

const kib = (bytes: number): string => (bytes / 1024).toFixed(0);
const columns = (...cells: readonly string[]): string =>
  cells.map((cell, index) => (index === 0 ? cell.padEnd(16) : cell.padStart(index === 5 ? 10 : 9))).join('');

console.log(
  `Bundles as they are deployed; import in a fresh process beyond that of an empty function, ${rounds} rounds`,
);
console.log(columns('function', 'KiB', 'budget', 'ms', 'budget', 'least ms'));
let exceeded = 0;
for (const name of chosen) {
  const bundle = bundles.get(name);
  const time = times.get(name);
  if (!bundle || !time) throw new Error(`${name} was not built`);
  const budget = budgets[name];
  const over = [
    ...(bundle.bytes > budget.kib * 1024 ? ['size'] : []),
    // The least time: what else the machine does is no fault of the bundle.
    ...(time.least > budget.ms ? ['import'] : []),
  ];
  exceeded += over.length;
  const cells = [
    kib(bundle.bytes),
    String(budget.kib),
    time.usual.toFixed(0),
    String(budget.ms),
    time.least.toFixed(0),
  ];
  console.log(columns(name, ...cells) + (over.length > 0 ? `  EXCEEDS its budget: ${over.join(', ')}` : ''));
}

console.log('\nWhat is in them, KiB by package');
for (const name of chosen) {
  const shown = (bundles.get(name) as Bundle).shares.slice(0, asked.length > 0 ? Number.POSITIVE_INFINITY : 8);
  console.log(`${name}: ${shown.map((share) => `${share.name} ${kib(share.bytes)}`).join(', ')}`);
}
if (exceeded > 0) process.exitCode = 1;
