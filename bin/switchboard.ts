import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkAgainstAwsSolutions } from '../lib/checks/nag.ts';
import { notes } from '../lib/checks/notes.ts';
import { SettingsError } from '../lib/settings/resolve.ts';
import { synthesize } from '../lib/synthesize.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { env } = process;
// Whoever only runs the templates offline needs neither the checks nor the price.
const towardsAws = env.CDK_CLI_VERSION !== undefined || env.SYNTH_CHECKS === 'on';
try {
  const { settings, templates } = await synthesize({
    root,
    outdir: env.CDK_OUTDIR ?? join(root, 'cdk.out'),
    environment: env,
    ...(towardsAws ? { prepare: checkAgainstAwsSolutions } : {}),
  });
  if (towardsAws) for (const line of notes(settings, templates)) console.error(line);
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(`Cannot synthesize: ${error.message}`);
  process.exitCode = 1;
}
