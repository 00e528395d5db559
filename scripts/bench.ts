import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DescribedSystem, parseDescription } from '../test/load/adapters/described.ts';
import { Switchboard } from '../test/load/adapters/switchboard.ts';
import { type Bench, full, type ProductBench, productUsage, quick, startProduct } from '../test/load/bench.ts';
import { compare } from '../test/load/compare.ts';
import { Floor } from '../test/load/floor.ts';
import { fairness } from '../test/load/loads/fairness.ts';
import { growth } from '../test/load/loads/growth.ts';
import { idle } from '../test/load/loads/idle.ts';
import { latency } from '../test/load/loads/latency.ts';
import { manySessions } from '../test/load/loads/many-sessions.ts';
import { restart } from '../test/load/loads/restart.ts';
import { startUp } from '../test/load/loads/start-up.ts';
import { type StepTime, steps } from '../test/load/loads/steps.ts';
import { throughput } from '../test/load/loads/throughput.ts';
import { machine } from '../test/load/machine.ts';
import { type Metric, Metrics, meets } from '../test/load/metrics.ts';
import { LoadModel } from '../test/load/model.ts';
import { metricTable, stepTable } from '../test/load/report.ts';
import { usageOfAll } from '../test/load/usage.ts';
import { writeSection } from './bench/document.ts';
import { type Parts, realParts } from './bench/parts.ts';
import { bundleFigures, costFigures } from './bench/static-figures.ts';
import { exitOnSignals } from './exit-on-signals.ts';

const usage = `npm run bench -- [options]: measures the product, prints a table, and last one line of JSON.
  --full            every figure, about 15 minutes; without it what fits into a minute
  --real            on Apache Kafka and DynamoDB Local instead of the embedded parts
  --only a,b        only these: ${'start latency throughput fairness growth sessions restart idle steps bundles cost'.split(' ').join(', ')}
  --system FILE     drives another chat system by the same loads: its description, as test/load/adapters/described.ts has it
  --against FILE    compares with an earlier run: FILE's last line is its JSON
  --doc             writes the tables into docs/benchmarks.md
  --out FILE        also writes the JSON there`;

/** What a run comes to; the last line of its output. */
interface Run {
  readonly at: string;
  readonly machine: string;
  readonly parts: string;
  readonly mode: 'quick' | 'full';
  readonly metrics: readonly Metric[];
  readonly steps: readonly StepTime[];
}

const root = join(import.meta.dirname, '..');
exitOnSignals();
const { values: options } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    real: { type: 'boolean', default: false },
    only: { type: 'string' },
    system: { type: 'string' },
    against: { type: 'string' },
    out: { type: 'string' },
    doc: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(usage);
  process.exit(0);
}
const only = options.only?.split(',');
const wanted = (name: string, alsoQuick = true): boolean => only?.includes(name) ?? (options.full || alsoQuick);
const effort = options.full ? full : quick;
const metrics = new Metrics();
const say = (line: string): void => console.error(line);
const began = performance.now();
const where = machine();
say(where);

const other = options.system === undefined ? undefined : parseDescription(readFileSync(options.system, 'utf8'));
const parts: Parts | undefined = options.real ? await realParts(join(root, '.cache', 'real-parts'), say) : undefined;
const model = await LoadModel.start(other?.modelPort);
let turn: StepTime[] = [];
if (other) {
  const system = new DescribedSystem(other);
  const usage = () => usageOfAll(other.pids ?? []);
  await chatLoads({ system, model, metrics, effort, usage, say }).finally(() => model.close());
} else {
  await theProduct();
}
report();

async function theProduct(): Promise<void> {
  if (wanted('start')) await measured('start', () => startUp({ model, metrics, effort }));
  const { product } = await startProduct(model, parts?.env);
  const system = new Switchboard(product.url);
  const usage = () => productUsage(product);
  try {
    await productLoads({ product, system, model, metrics, effort, usage, say });
  } finally {
    await product.dispose();
    await model.close();
    await parts?.stop();
  }
  if (wanted('bundles')) await measured('bundles', async () => bundleFigures(root, metrics, options.full));
  if (wanted('cost')) await measured('cost', () => costFigures(root, metrics));
}

/** What any chat system can be driven by. */
async function chatLoads(bench: Bench, floor?: Floor): Promise<void> {
  if (wanted('latency')) {
    await measured('latency', () => latency(bench, floor));
    const resident = bench.usage()?.residentMb;
    if (resident) metrics.add('resident after a walk', resident, { unit: 'MB', better: 'less', target: 600 });
  }
  if (wanted('fairness')) await measured('fairness', () => fairness(bench));
  if (wanted('growth')) await measured('growth', () => growth(bench));
  if (wanted('throughput')) await measured('throughput', () => throughput(bench));
}

async function productLoads(bench: ProductBench): Promise<void> {
  if (wanted('steps')) {
    await measured('steps', async () => {
      turn = await steps(bench);
    });
  }
  const floor = await Floor.open(bench.product.runtime.kafka_brokers);
  await chatLoads(bench, floor).finally(() => floor.close());
  if (wanted('sessions')) await measured('sessions', () => manySessions(bench));
  if (wanted('restart')) await measured('restart', () => restart(bench));
  if (wanted('idle', false)) await measured('idle', () => idle(bench));
}

async function measured(name: string, work: () => Promise<void>): Promise<void> {
  const since = performance.now();
  await work();
  say(`${name}: ${((performance.now() - since) / 1000).toFixed(0)} s`);
}

function report(): void {
  const all = metrics.all();
  const result: Run = {
    at: new Date().toISOString(),
    machine: where,
    parts: other?.name ?? parts?.name ?? 'embedded broker and store',
    mode: options.full ? 'full' : 'quick',
    metrics: all,
    steps: turn,
  };
  const head = `${result.mode}, ${result.parts}, ${result.at.slice(0, 10)}: ${result.machine}.`;
  const tables = [metricTable(all), ...(turn.length > 0 ? ['One turn by step:', stepTable(turn)] : [])].join('\n\n');
  console.log(`\n${head}\n\n${tables}`);
  if (options.doc) {
    writeSection(join(root, 'docs', 'benchmarks.md'), options.real ? 'real' : 'embedded', `${head}\n\n${tables}`);
  }
  const missed = all.filter((metric) => !meets(metric)).length;
  console.log(`\n${missed} targets missed; ${((performance.now() - began) / 1000).toFixed(0)} s`);
  if (options.against) printChanges(options.against, all);
  if (options.out) writeFileSync(options.out, `${JSON.stringify(result)}\n`);
  console.log(JSON.stringify(result));
}

/** Only what is beyond noise; the exit code tells a script that something got worse. */
function printChanges(file: string, now: readonly Metric[]): void {
  const before = JSON.parse(readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? '') as Run;
  const changes = compare(before.metrics, now).filter(({ verdict }) => verdict !== 'noise');
  console.log(`\nAgainst ${file}, of ${before.at}: ${changes.length} figures beyond noise`);
  for (const { name, from, to, verdict } of changes) {
    console.log(
      `  ${verdict}: ${name} ${from.toFixed(1)} -> ${to.toFixed(1)} (${((to / from - 1) * 100).toFixed(0)} %)`,
    );
  }
  if (changes.some(({ verdict }) => verdict === 'worse')) process.exitCode = 2;
}
