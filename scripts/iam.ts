import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SettingsError } from '../lib/settings/resolve.ts';
import { synthesize } from '../lib/synthesize.ts';
import { permissions, type Section } from './iam/sections.ts';

/**
 * Lists who may do what, out of the templates of a stage (the first argument; `dev` by default): first what each of our functions
 * may do, then the roles that CDK and AWS's services use, then the policies on resources.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));

function print(heading: string, sections: readonly Section[]): void {
  console.log(`\n${heading}`);
  for (const { title, lines } of sections) console.log(['', title, ...lines.map((line) => `  ${line}`)].join('\n'));
}

const outdir = mkdtempSync(join(tmpdir(), 'switchboard-iam-'));
try {
  const { templates } = await synthesize({ root, outdir, context: { stage: process.argv[2] ?? 'dev' } });
  const { functions, roles, resources } = permissions(templates);
  print('FUNCTIONS', functions);
  print("ROLES OF CDK'S FUNCTIONS AND OF AWS'S SERVICES", roles);
  print('POLICIES ON RESOURCES', resources);
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(`No list: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
