import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** What must hold of the sources without running them; the direction of imports is a unit test. */
const checks = [
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'types of the page', command: ['tsc', '--noEmit', '-p', 'frontend'], needs: 'frontend/tsconfig.json' },
  { name: 'lint and format', command: ['biome', 'check', '--error-on-warnings'] },
  { name: 'dead code', command: ['knip'] },
  { name: 'templates, by cfn-lint where Python has it', command: ['node', 'scripts/lint-templates.ts'] },
];

const results = checks
  .filter(({ needs }) => needs === undefined || existsSync(join(root, needs)))
  .map(({ name, command: [tool = '', ...args] }) => {
    const started = performance.now();
    const { status, stdout, stderr, error } = spawnSync(join(root, 'node_modules', '.bin', tool), args, {
      cwd: root,
      encoding: 'utf8',
    });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
    if (status !== 0) console.log(error?.message ?? `${stdout}${stderr}`);
    return status === 0;
  });

const failed = results.filter((ok) => !ok).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
