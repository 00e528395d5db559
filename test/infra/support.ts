import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { addStage } from '../../lib/app.ts';
import { functionNames } from '../../lib/functions/names.ts';
import { resolveSettings } from '../../lib/settings/resolve.ts';

/** A folder as the build leaves it, with as little in it as the app needs: the templates are the same with any content. */
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
const cdkContext: Record<string, unknown> = JSON.parse(
  readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'),
).context;

const dist = fixtureDist();

export type Templates = Readonly<Record<'network' | 'data' | 'service', Template>>;

/** An app with one stage in it, not yet synthesized, and where it will be. */
export function stageApp(context: Readonly<Record<string, unknown>>) {
  const outdir = mkdtempSync(join(tmpdir(), 'switchboard-out-'));
  const app = new App({ context: { ...cdkContext, ...context }, outdir });
  const settings = resolveSettings((key) => app.node.tryGetContext(key));
  return { app, outdir, settings, stacks: addStage(app, settings, dist) };
}

/** A cluster of somebody's, as the setting `kafka` takes it. */
export const existingCluster = {
  source: 'existing',
  clusterArn: 'arn:aws:kafka:eu-west-1:123456789012:cluster/theirs/0a1b2c3d-1111-2222-3333-444455556666-7',
  vpcId: 'vpc-0123456789abcdef0',
  subnetIds: ['subnet-01234567', 'subnet-12345678'],
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  routeTableIds: ['rtb-01234567', 'rtb-12345678'],
  securityGroupId: 'sg-01234567',
  createEndpoints: true,
};

const known = new Map<string, Templates>();

/** The three templates of a stage, made once for the same context. */
export function templatesOf(context: Readonly<Record<string, unknown>>): Templates {
  const key = JSON.stringify(context);
  const templates = known.get(key) ?? synthesized(context);
  known.set(key, templates);
  return templates;
}

function synthesized(context: Readonly<Record<string, unknown>>): Templates {
  const { stacks } = stageApp(context);
  return {
    network: Template.fromStack(stacks.network),
    data: Template.fromStack(stacks.data),
    service: Template.fromStack(stacks.service),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a template's properties are whatever CloudFormation takes.
export type Properties = Record<string, any>;

/** The properties of all resources of a type, by logical id. */
export function propertiesOf(template: Template, type: string): Record<string, Properties> {
  const found = Object.entries(template.findResources(type));
  return Object.fromEntries(found.map(([id, resource]) => [id, (resource.Properties ?? {}) as Properties]));
}

/** In the order of their text, whatever was compared. */
export const sorted = <T>(values: readonly T[]): T[] => values.toSorted((a, b) => String(a).localeCompare(String(b)));

/** The one resource of a type. */
export function only(template: Template, type: string): Properties {
  const [first, ...rest] = Object.values(propertiesOf(template, type));
  if (first === undefined || rest.length > 0) throw new Error(`${rest.length + (first ? 1 : 0)} resources of ${type}`);
  return first;
}

/** A value with its references written by name, in a form to compare: `{Ref}`, imports by what they import. */
export function written(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[kind, argument] = ['', '']] = Object.entries(value as Record<string, unknown>);
  if (kind === 'Ref') return `{${argument}}`.replace(/[0-9A-F]{8}\}$/, '}');
  if (kind === 'Fn::GetAtt') return `{${(argument as string[]).join('.')}}`.replace(/[0-9A-F]{8}\./, '.');
  if (kind === 'Fn::ImportValue')
    return `{${/ExportsOutput(?:Ref|FnGetAtt)(.+?)[0-9A-F]{8}/.exec(String(argument))?.[1]}}`;
  if (kind === 'Fn::Select')
    return written((argument as [number, { 'Fn::Split': [string, unknown] }])[1]['Fn::Split'][1]);
  if (kind === 'Fn::Join') return (argument as [string, unknown[]])[1].map(written).join('');
  throw new Error(`cannot write ${JSON.stringify(value)}`);
}
