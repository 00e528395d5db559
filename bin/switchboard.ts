import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { addStage } from '../lib/app.ts';
import { resolveSettings, SettingsError } from '../lib/settings/resolve.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
try {
  // Run by hand, there is no CDK CLI to hand over the context (feature flags) and the place of the output.
  const { context, output } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const app = new App({ context, outdir: process.env.CDK_OUTDIR ?? join(root, output) });
  addStage(
    app,
    resolveSettings((key) => app.node.tryGetContext(key), process.env),
    join(root, 'dist'),
  );
  app.synth();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(`Cannot synthesize: ${error.message}`);
  process.exitCode = 1;
}
