import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { functionNames } from '../../../lib/functions/names.ts';
import { budgets } from '../../../scripts/bundles/budgets.ts';
import { bundlesOf } from '../../../scripts/bundles/contents.ts';

const metafile = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', '..', 'dist', 'meta.json'), 'utf8'),
) as Metafile;
const bundles = new Map(bundlesOf(metafile).map((bundle) => [bundle.name, bundle]));

describe('the bundle of', () => {
  it.each(functionNames)('%s keeps its size', (name) => {
    const bundle = bundles.get(name);
    const largest = bundle?.shares.slice(0, 5).map((share) => `${share.name} ${Math.round(share.bytes / 1024)}`);
    expect(bundle?.bytes, `largest: ${largest?.join(', ')} KiB`).toBeLessThanOrEqual(budgets[name].kib * 1024);
  });
});
