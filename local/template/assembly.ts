import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StartupError } from '../startup-error.ts';
import { type JsonObject, list, object, text } from './json.ts';

/** A stack as it was synthesized. */
export interface StackTemplate {
  readonly id: string;
  readonly stackName: string;
  readonly region: string;
  readonly accountId: string;
  readonly template: JsonObject;
}

/** What is read of a cloud assembly. */
export interface Assembly {
  /** In an order in which they can be deployed. */
  readonly stacks: readonly StackTemplate[];
  /** Object key in the assets bucket to the absolute path of the unpacked asset. */
  readonly assets: ReadonlyMap<string, string>;
}

const placeholders = { region: 'us-east-1', accountId: '123456789012' };

/** Reads `manifest.json` and those of nested assemblies (CDK stages). Throws StartupError when it is not there. */
export function readAssembly(dir: string): Assembly {
  const assets = new Map<string, string>();
  return { stacks: readFolder(resolve(dir), assets), assets };
}

function readFolder(dir: string, assets: Map<string, string>): StackTemplate[] {
  const artifacts = object(readJson(join(dir, 'manifest.json')).artifacts);
  const stacks: StackTemplate[] = [];
  const seen = new Set<string>();
  const visit = (id: string): void => {
    const artifact = object(artifacts[id]);
    if (seen.has(id) || artifact.type === undefined) return;
    seen.add(id);
    for (const dependency of list(artifact.dependencies)) visit(String(dependency));
    const properties = object(artifact.properties);
    if (artifact.type === 'cdk:asset-manifest') readAssets(join(dir, String(properties.file)), assets);
    if (artifact.type === 'cdk:cloud-assembly')
      stacks.push(...readFolder(join(dir, String(properties.directoryName)), assets));
    if (artifact.type === 'aws:cloudformation:stack') stacks.push(readStack(dir, id, artifact));
  };
  for (const id of Object.keys(artifacts)) visit(id);
  return stacks;
}

function readStack(dir: string, id: string, artifact: JsonObject): StackTemplate {
  const properties = object(artifact.properties);
  const [, accountId, region] = /^aws:\/\/([^/]*)\/(.*)$/.exec(String(artifact.environment)) ?? [];
  return {
    id,
    stackName: text(properties.stackName) ?? id,
    region: known(region) ?? placeholders.region,
    accountId: known(accountId) ?? placeholders.accountId,
    template: readJson(join(dir, String(properties.templateFile))),
  };
}

function known(value: string | undefined): string | undefined {
  return value === undefined || value.startsWith('unknown-') ? undefined : value;
}

function readAssets(file: string, assets: Map<string, string>): void {
  for (const asset of Object.values(object(readJson(file).files))) {
    const path = text(object(object(asset).source).path);
    if (path === undefined) continue;
    for (const destination of Object.values(object(object(asset).destinations))) {
      const key = text(object(destination).objectKey);
      if (key !== undefined) assets.set(key, resolve(dirname(file), path));
    }
  }
}

function readJson(file: string): JsonObject {
  try {
    return object(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new StartupError('cdk.out', `The synthesized templates cannot be read (${file}): run npm run synth`, {
      cause,
    });
  }
}
