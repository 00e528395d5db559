import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { addStage } from '../../lib/app.ts';
import { functionNames } from '../../lib/functions/names.ts';
import { resolveSettings } from '../../lib/settings/resolve.ts';

/** A folder as the build leaves it, with as little in it as the app needs. */
export function fixtureDist(): string {
  const dist = mkdtempSync(join(tmpdir(), 'switchboard-dist-'));
  mkdirSync(join(dist, 'frontend', 'assets'), { recursive: true });
  writeFileSync(join(dist, 'frontend', 'index.html'), '<!doctype html><title>fixture</title>');
  writeFileSync(join(dist, 'frontend', 'assets', 'main-0123abcd.js'), 'export {};');
  for (const name of functionNames) {
    mkdirSync(join(dist, 'lambdas', name), { recursive: true });
    writeFileSync(join(dist, 'lambdas', name, 'index.mjs'), `export const handler = async () => '${name}';`);
  }
  return dist;
}

/** The context of `cdk.json`, feature flags above all, without which CDK makes other templates. */
export const cdkContext: Record<string, unknown> = JSON.parse(
  readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'),
).context;

/** The three templates of a stage. */
export function synthesize(
  context: Readonly<Record<string, unknown>>,
  dist = fixtureDist(),
): Readonly<Record<'network' | 'data' | 'service', Template>> {
  const app = new App({
    context: { ...cdkContext, ...context },
    outdir: mkdtempSync(join(tmpdir(), 'switchboard-out-')),
  });
  const stacks = addStage(
    app,
    resolveSettings((key) => app.node.tryGetContext(key)),
    dist,
  );
  return {
    network: Template.fromStack(stacks.network),
    data: Template.fromStack(stacks.data),
    service: Template.fromStack(stacks.service),
  };
}
