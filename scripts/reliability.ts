import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type StormReport, storm } from '../test/chaos/storm/storm.ts';
import { brokenPromises } from '../test/chaos/storm/verdict.ts';
import { exitOnSignals } from './exit-on-signals.ts';
import { type BilledReport, type FairnessReport, measureBilling, measureOthers } from './reliability/fairness.ts';
import { page } from './reliability/page.ts';
import { type Kept, Results } from './reliability/results.ts';

/**
 * Breaks the system on purpose, counts, and writes docs/reliability.md: a storm for each seed on embedded parts and, with
 * `--real`, on Apache Kafka and DynamoDB Local; then what others notice of a slow session, and of poison. Takes about three
 * minutes for each storm, and twenty for the others. What was measured before and not now stays in the page.
 */
const root = join(import.meta.dirname, '..');
exitOnSignals();
const { values: options } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000' },
    sessions: { type: 'string', default: '50' },
    /** How many, or which: `3`, or `7,8,9`. */
    seeds: { type: 'string', default: '3' },
    real: { type: 'boolean', default: false },
    /** `storms` or `fairness`. */
    only: { type: 'string', default: '' },
  },
});
const folder = join(root, '.cache', 'reliability');
const results = {
  storms: new Results<StormReport>(join(folder, 'storms')),
  fairness: new Results<FairnessReport>(join(folder, 'fairness')),
  billing: new Results<BilledReport>(join(folder, 'billing')),
};

function seeds(): number[] {
  if (options.seeds.includes(',')) return options.seeds.split(',').map(Number);
  return Array.from({ length: Number(options.seeds) }, (_, index) => index + 1);
}

function kept<T>(result: T): Kept<T> {
  const args = process.argv.slice(2).join(' ');
  const memory = Math.round(totalmem() / 2 ** 30);
  return {
    date: new Date().toISOString().slice(0, 10),
    command: `npm run reliability${args && ` -- ${args}`}`,
    machine: `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${memory} GB, ${process.platform}, Node ${process.versions.node}`,
    result,
  };
}

async function stormOn(parts: 'embedded' | 'real', seed: number): Promise<boolean> {
  const [messages, sessions] = [Number(options.messages), Number(options.sessions)];
  const size = {
    messages,
    sessions,
    poison: 10,
    brokerRestarts: 2,
    leaseMs: 10_000,
    rampageMs: 1_200_000,
    killPause: 200,
    patienceMs: 1_500_000,
  };
  const progress = (line: string) => console.log(`${parts}, seed ${seed}: ${line}`);
  const report = await storm({ seed, parts, ...size, progress });
  const broken = brokenPromises(report);
  results.storms.keep(`${parts}-${seed}`, kept(report));
  const verdict = broken.length === 0 ? 'all promises held' : broken.join('; ');
  console.log(`${parts}, seed ${seed}: ${report.seconds} s, ${verdict}`);
  if (broken.length > 0) console.log(JSON.stringify(report, null, 2));
  return broken.length === 0;
}

async function storms(): Promise<boolean> {
  let held = true;
  for (const seed of seeds()) {
    for (const parts of options.real ? (['real', 'embedded'] as const) : (['embedded'] as const)) {
      held = (await stormOn(parts, seed)) && held;
    }
  }
  return held;
}

async function fairness(): Promise<void> {
  const others = await measureOthers(10, 30_000);
  results.fairness.keep('embedded', kept(others));
  console.log(JSON.stringify(others));
  const billed = await measureBilling(10, 2_000);
  results.billing.keep('embedded', kept(billed));
  console.log(JSON.stringify(billed));
}

if (options.only !== 'storms') await fairness();
const held = options.only === 'fairness' || (await storms());
writeFileSync(
  join(root, 'docs', 'reliability.md'),
  page(results.storms.all(), results.fairness.all(), results.billing.all()),
);
console.log('Written to docs/reliability.md');
process.exitCode = held ? 0 : 1;
