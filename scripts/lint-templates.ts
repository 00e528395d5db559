import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../lib/synthesize.ts';
import { buildAll } from './build.ts';

/** Runs cfn-lint over the templates of every built-in stage. Where Python does not have it, says so and lets it pass. */
const root = join(import.meta.dirname, '..');
const wanted = 'cfn-lint==1.51.0';
/** W3005: CDK names dependencies that references make anyway. */
const ignored = ['W3005'];

/** cfn-lint on the path, or as a module of the path's Python. */
function linter(): readonly [string, ...string[]] | undefined {
  const candidates = [['cfn-lint'], ['python3', '-m', 'cfnlint']] as const;
  return candidates.find(([tool, ...args]) => spawnSync(tool, [...args, '--version']).status === 0);
}

async function lint(stage: string, [tool, ...args]: readonly [string, ...string[]]): Promise<boolean> {
  const outdir = mkdtempSync(join(tmpdir(), 'switchboard-lint-'));
  try {
    await synthesize({ root, outdir, context: { stage } });
    const files = readdirSync(outdir).filter((file) => file.endsWith('.template.json'));
    const all = [...args, '--ignore-checks', ...ignored, '--', ...files.map((file) => join(outdir, file))];
    const { status } = spawnSync(tool, all, { stdio: 'inherit' });
    console.log(`${status === 0 ? 'ok    ' : 'FAILED'} cfn-lint, stage ${stage}, ${files.length} templates`);
    return status === 0;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const tool = linter();
if (tool === undefined) console.log(`skipped: there is no cfn-lint here (pip install ${wanted})`);
else {
  if (!existsSync(join(root, 'dist', 'frontend'))) await buildAll(root);
  const results: boolean[] = [];
  for (const stage of ['dev', 'cheap', 'prod']) results.push(await lint(stage, tool));
  process.exitCode = results.every(Boolean) ? 0 : 1;
}
