import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { idleItems, idleMonthly } from '../lib/cost/idle.ts';
import { keepingItem } from '../lib/cost/keeping.ts';
import { priceDate, priceRegion } from '../lib/cost/prices.ts';
import { deltasPerMillion, turnItems } from '../lib/cost/turn.ts';
import { bytesKept, typicalTurn, typicalVisit } from '../lib/cost/turn-profile.ts';
import { visitItems } from '../lib/cost/visit.ts';
import { SettingsError } from '../lib/settings/resolve.ts';
import { synthesize } from '../lib/synthesize.ts';

/** Prints the cost card of each stage named on the command line (`dev cheap prod` by default), from its templates. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const named = process.argv.slice(2);

const line = (what: string, dollars: number | undefined, count = ''): string =>
  `  ${what.padEnd(40)}${count.padStart(6)}${(dollars?.toFixed(2) ?? 'unknown').padStart(10)}`;
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

async function card(stage: string): Promise<void> {
  const outdir = mkdtempSync(join(tmpdir(), 'switchboard-cost-'));
  try {
    const { templates } = await synthesize({ root, outdir, context: { stage } });
    const idle = idleItems(templates);
    console.log(`\nStage ${stage}, idle, US dollars a month`);
    for (const { what, count, monthly } of idle) console.log(line(what, monthly, String(count)));
    console.log(line('total', idleMonthly(templates)));
    const turn = turnItems(templates, typicalTurn);
    console.log(`Stage ${stage}, US dollars for a million turns, the model's own price excluded`);
    for (const { what, perMillion } of turn) console.log(line(what, perMillion));
    console.log(line('total', total(turn.map(({ perMillion }) => perMillion))));
    console.log('  and on top, as people use it:');
    const streamed = { what: `streamed text, ${typicalTurn.deltas} pushes`, perMillion: deltasPerMillion(typicalTurn) };
    for (const { what, perMillion } of [
      ...visitItems(templates, typicalVisit),
      keepingItem(templates, bytesKept),
      streamed,
    ])
      console.log(line(what, perMillion));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

try {
  console.log(`Prices of ${priceDate}, ${priceRegion}, on demand, no free tier. A turn: lib/cost/turn-profile.ts`);
  for (const stage of named.length > 0 ? named : ['dev', 'cheap', 'prod']) await card(stage);
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(`No cost card: ${error.message}`);
  process.exitCode = 1;
}
