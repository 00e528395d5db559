import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { addStage, type StageStacks } from './app.ts';
import type { Template } from './cost/template.ts';
import { resolveSettings } from './settings/resolve.ts';
import type { StageSettings } from './settings/schema.ts';

export interface SynthesisOptions {
  /** The repository: `cdk.json` and `dist/` are read from it. */
  readonly root: string;
  readonly outdir: string;
  /** Over `cdk.json`; the CDK CLI's own comes on top of both. */
  readonly context?: Readonly<Record<string, unknown>>;
  readonly environment?: NodeJS.ProcessEnv;
  /** Last touch before synthesis, such as validation plugins. */
  readonly prepare?: (app: App) => Promise<void>;
}

export interface Synthesized {
  readonly settings: StageSettings;
  readonly stacks: StageStacks;
  /** In the order in which they can be deployed, as are their templates. */
  readonly stackNames: readonly string[];
  readonly templates: readonly Template[];
}

/**
 * One stage as templates in `outdir`. The context of `cdk.json` is read here, for without the CDK CLI nobody hands it over, and its
 * feature flags decide what the templates look like.
 *
 * @throws SettingsError when settings are wrong or something is not built.
 */
export async function synthesize(options: SynthesisOptions): Promise<Synthesized> {
  const { root, outdir, context, environment = {}, prepare } = options;
  const cdkJson = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };
  const app = new App({ context: { ...cdkJson.context, ...context }, outdir });
  const settings = resolveSettings((key) => app.node.tryGetContext(key), environment);
  const stacks = addStage(app, settings, join(root, 'dist'));
  await prepare?.(app);
  const assembly = app.synth();
  return {
    settings,
    stacks,
    stackNames: assembly.stacks.map(({ stackName }) => stackName),
    templates: assembly.stacks.map(({ template }) => template as Template),
  };
}
