import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { idleMonthly } from '../../lib/cost/idle.ts';
import { turnItems } from '../../lib/cost/turn.ts';
import { typicalTurn } from '../../lib/cost/turn-profile.ts';
import { functionNames } from '../../lib/functions/names.ts';
import { synthesize } from '../../lib/synthesize.ts';
import type { Metrics } from '../../test/load/metrics.ts';
import { budgets } from '../bundles/budgets.ts';
import { bundlesOf } from '../bundles/contents.ts';
import { importTimes } from '../bundles/import-time.ts';

/** Size and cold import of every function, beyond those of an empty one. */
export async function bundleFigures(root: string, metrics: Metrics, thorough: boolean): Promise<void> {
  const metafile = JSON.parse(readFileSync(join(root, 'dist', 'meta.json'), 'utf8')) as Metafile;
  const bundles = new Map(bundlesOf(metafile).map((bundle) => [bundle.name, bundle]));
  const path = (name: string): string => join(root, 'dist', 'lambdas', name, 'index.mjs');
  const times = importTimes(functionNames, path, thorough ? 11 : 3);
  for (const name of functionNames) {
    const { kib, ms } = budgets[name];
    metrics.add(`${name}: bundle`, (bundles.get(name)?.bytes ?? 0) / 1024, {
      unit: 'KiB',
      better: 'less',
      target: kib,
    });
    metrics.add(`${name}: cold import`, times.get(name)?.usual ?? Number.NaN, {
      unit: 'ms',
      better: 'less',
      target: ms,
    });
  }
}

/** From the templates and the price table, as `npm run cost` has it. */
export async function costFigures(root: string, metrics: Metrics): Promise<void> {
  for (const stage of ['cheap', 'dev', 'prod']) {
    const outdir = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
    try {
      const { templates } = await synthesize({ root, outdir, context: { stage } });
      const turns = turnItems(templates, typicalTurn).reduce((sum, { perMillion }) => sum + perMillion, 0);
      metrics.add(`${stage}: a million turns, model excluded`, turns, { unit: '$', better: 'less' });
      const idle = idleMonthly(templates);
      if (idle !== undefined) metrics.add(`${stage}: an idle month`, idle, { unit: '$', better: 'less' });
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  }
}
