import type { StormReport } from '../../test/chaos/storm/storm.ts';
import type { BilledReport, FairnessReport } from './fairness.ts';
import type { Kept } from './results.ts';

/** docs/reliability.md. */
export function page(
  storms: readonly Kept<StormReport>[],
  fairness: readonly Kept<FairnessReport>[],
  billing: readonly Kept<BilledReport>[],
): string {
  return `# Reliability

What the system bears, counted. This page is written by \`npm run reliability\`; \`npm test\` runs the same storm small, \`npm run test:real\` on real parts.

${storms.length === 0 ? '' : stormSection(storms)}
${fairness.map(fairnessSection).join('')}${billing.map(billingSection).join('')}`;
}

function stormSection(storms: readonly Kept<StormReport>[]): string {
  return `## Storms

People talk in many sessions at once, over lines that break and are slow, by socket and now and then by HTTP, and everyone sends again, with the same id, what
was not accepted. Meanwhile, drawn from the seed:

- **kills**: all processes of a function end at once, after each of these steps in turn: ${stepsOf(storms)};
- **repeats**: a batch of either topic that was delivered is delivered again;
- **lines**: cut without a word (drops), or 20-420 ms slower for each piece of data (slow);
- **broker restarts**: Apache Kafka by kill -9; the embedded broker with the loss of all it held, in turn with and without the runtime;
- **store**: windows of 250 ms in which 15 % of the requests to DynamoDB are throttled, 2 % are lost, 3 % are done but not answered, 10 % are 80 ms late;
- **model**: 8 % of its answers are an error 500, a broken line in the middle, or a stall; 3 % are 400 KB long;
- **poison**: records that are no requests and no responses, as many in either topic.

What was done in each storm:

${table(
  [
    'parts',
    'seed',
    'messages',
    'sessions',
    'kills',
    'repeats',
    'drops',
    'slow',
    'broker restarts',
    'bad store windows',
    'model faults',
    'poison',
    'reconnects',
    'seconds',
  ],
  storms.map(({ result }) => done(result)),
)}

And what came of it. The seven counts after *accepted* must be 0. *Never pushed* are ends that a second tab did not get, whose line nobody cuts and which
never asks for what it missed. A call of the model is needless when memory has the answer, or somebody else is being answered. Dead letters must be the poison
of both topics, all of it and nothing else.

${table(
  [
    'parts',
    'seed',
    'accepted',
    'without exactly one end',
    'duplicates',
    'gaps',
    'out of order',
    '`seq` reused',
    'never pushed',
    'needless model calls',
    'answered',
    'failed',
    'dead letters',
  ],
  storms.map(({ result }) => outcome(result)),
)}

Why the model was called:

${table(
  ['parts', 'seed', 'calls', 'first for its message', 'after a fault of the model', 'after a death', 'needless'],
  storms.map(({ result }) => callRow(result)),
)}

Kills by step:

${killTable(storms)}

${sources(storms)}

A storm is run again with its seed: \`npm run reliability -- --seeds 7,8\`. The same seed does the same things in the same order, as far as the machine keeps time.
`;
}

/** Turns are compared with the calm ones of the same run: what the machine did besides is in both. */
function fairnessSection(kept: Kept<FairnessReport>): string {
  const { talkers, thinkMs, modelMs, blockMs, rows } = kept.result;
  const calm = rows.find(({ condition }) => condition === 'calm');
  const share = (ms: number, of = 0) => `${ms >= of ? '+' : ''}${(((ms - of) / of) * 100).toFixed(1)} %`;
  return `## Nobody waits for a stranger

${talkers} people ask a question every ${thinkMs / 1000} s on average; the model takes ${modelMs} ms. In blocks of ${blockMs / 1000} s that take turns: nothing else happens (calm); one
more session's model takes ${blockMs / 1000} s (slow model); a record that nobody can use comes at the head of every partition, twice a second (poison).
Times are from sending a question to its answer; the last two columns are the median of the blocks' own p99, which no single stall of the machine moves.

${table(
  ['meanwhile', 'turns', 'p50', 'p99', 'p50 against calm', 'p99 against calm', "a block's p99", 'against calm'],
  rows.map(({ condition, turns, p50, p99, blockP99 }) => [
    condition,
    turns,
    `${p50.toFixed(0)} ms`,
    `${p99.toFixed(0)} ms`,
    share(p50, calm?.p50),
    share(p99, calm?.p99),
    `${blockP99.toFixed(0)} ms`,
    share(blockP99, calm?.blockP99),
  ]),
)}

${sources([kept])}

`;
}

function billingSection(kept: Kept<BilledReport>): string {
  const { modelMs, turns, rows } = kept.result;
  return `## Waiting costs nothing

Billed milliseconds of a turn, over all invocations of a function, mean of ${turns} turns in warm processes at a model that takes ${modelMs} ms. Only the conversation
function waits.

${table(
  ['function', 'invocations', 'billed', "of the model's time"],
  rows.map(({ component, invocations, ms }) => [
    component,
    invocations.toFixed(1),
    `${ms.toFixed(0)} ms`,
    `${((ms / modelMs) * 100).toFixed(1)} %`,
  ]),
)}

${sources([kept])}
`;
}

function done({ options, mischief, modelFaults, reconnects, seconds }: StormReport): (string | number)[] {
  const { parts, seed, messages, sessions, poison } = options;
  const { drops, slowLines, repeats, brokerRestarts, faultWindows } = mischief;
  const kills = sum(Object.values(mischief.kills));
  const breaks = [kills, repeats, drops, slowLines, brokerRestarts, faultWindows, sum(Object.values(modelFaults))];
  return [parts, seed, messages, sessions, ...breaks, poison, reconnects, Math.round(seconds)];
}

function outcome(report: StormReport): (string | number)[] {
  const { options, accepted, withoutEnd, doubled, gaps, disordered, reused, unpushed, modelCalls, deadLetters } =
    report;
  const { assistant = 0, failed = 0 } = report.ends;
  const zeros = [withoutEnd, doubled, gaps, disordered, reused, unpushed, modelCalls.needless];
  const dead = `${deadLetters.poison} of ${2 * options.poison}, ${deadLetters.other} else`;
  return [options.parts, options.seed, accepted, ...zeros, assistant, failed, dead];
}

function callRow({ options, modelCalls }: StormReport): (string | number)[] {
  const { first, afterFault, afterDeath, needless } = modelCalls;
  return [
    options.parts,
    options.seed,
    first + afterFault + afterDeath + needless,
    first,
    afterFault,
    afterDeath,
    needless,
  ];
}

function killTable(storms: readonly Kept<StormReport>[]): string {
  const steps = [...new Set(storms.flatMap(({ result }) => Object.keys(result.mischief.kills)))].sort();
  const names = storms.map(({ result }) => `${result.options.parts} ${result.options.seed}`);
  return table(
    ['killed after', ...names],
    steps.map((step) => [step, ...storms.map(({ result }) => result.mischief.kills[step] ?? 0)]),
  );
}

function stepsOf(storms: readonly Kept<StormReport>[]): string {
  const steps = [...new Set(storms.flatMap(({ result }) => Object.keys(result.mischief.kills)))].sort();
  return steps.map((step) => `*${step}*`).join(', ');
}

/** When, how and on what the figures were taken, each once. */
function sources(kept: readonly Kept<unknown>[]): string {
  const lines = kept.map(({ date, command, machine }) => `${date}: \`${command}\` on ${machine}.`);
  return [...new Set(lines)].join('\n\n');
}

function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
