import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Json = Record<string, unknown>;
interface Resource {
  readonly Type: string;
  readonly Properties?: Json;
  DependsOn?: string | string[];
}
interface Template {
  Resources: Record<string, Resource>;
  Outputs?: Record<string, unknown>;
}

/** What is left out of the templates, and why. */
export interface LeftOut {
  readonly type: string;
  readonly count: number;
  readonly reason: string;
}

/** Types that ministack 1.5.33 refuses, or that would do nothing there; tried one by one. */
const reasons: readonly (readonly [prefix: string, reason: string])[] = [
  ['AWS::ApiGatewayV2::RouteResponse', 'unknown to ministack: the stack fails'],
  ['AWS::Lambda::EventSourceMapping', 'made, but nothing ever polls Kafka: our poller does'],
  ['Custom::', 'its provider lacks the AWS CLI there: the stack fails'],
  ['AWS::Lambda::LayerVersion', 'only serves the provider that is left out'],
  ['AWS::CloudFront::', 'made, but nothing serves it: our front door does'],
  ['AWS::CloudWatch::Alarm', 'metric math is refused: the stack fails'],
  ['AWS::S3::BucketPolicy', 'without CloudFront nobody reads the bucket'],
];

export interface Rewriting {
  /** Cloud assembly of `npm start`. */
  readonly from: string;
  readonly to: string;
  readonly stage: string;
  /** Put in the place of the template's variables, in each function that declares the name. */
  readonly environment: Readonly<Record<string, string>>;
  /** For each function, beside its own. */
  readonly everywhere: Readonly<Record<string, string>>;
  /** ministack's address: its APIs are under it, where AWS gives each a host. */
  readonly endpoint: string;
}

/**
 * Copies the cloud assembly without the network stack and what ministack cannot hold, so that the CDK CLI can deploy the
 * rest: tables, functions with their roles and bundles, both APIs, schedule, alarms.
 */
export function writeMinistackAssembly(rewriting: Rewriting): LeftOut[] {
  const { from, to, stage, everywhere, endpoint } = rewriting;
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
  const network = `Switchboard-${stage}-Network`;
  const leftOut = new Map<string, number>();
  for (const stack of ['Data', 'Service']) {
    const file = join(to, `Switchboard-${stage}-${stack}.template.json`);
    const template = withoutNetwork(JSON.parse(readFileSync(file, 'utf8')), network) as Template;
    const gone = drop(template, leftOut);
    const socketApi = Object.entries(template.Resources).find(
      ([, { Properties }]) => Properties?.ProtocolType === 'WEBSOCKET',
    );
    const environment: Json = { ...rewriting.environment };
    if (socketApi !== undefined) {
      const id = { Ref: socketApi[0] };
      template.Outputs = { ...template.Outputs, SocketApiId: { Value: id } };
      environment.CALLBACK_URL = { 'Fn::Join': ['', [`${endpoint}/_aws/execute-api/`, id, '/chat']] };
    }
    for (const resource of Object.values(template.Resources)) {
      if (resource.DependsOn !== undefined)
        resource.DependsOn = [resource.DependsOn].flat().filter((id) => !gone.has(id));
      if (resource.Type === 'AWS::Lambda::Function') adapt(resource, environment, everywhere);
    }
    for (const [name, output] of Object.entries(template.Outputs ?? {}))
      if ([...gone].some((id) => JSON.stringify(output).includes(`"${id}"`))) delete template.Outputs?.[name];
    writeFileSync(file, JSON.stringify(template, undefined, 1));
  }
  leaveOutStack(join(to, 'manifest.json'), network);
  return [...leftOut].map(([type, count]) => ({ type, count, reason: reasonFor(type) ?? '' }));
}

const reasonFor = (type: string): string | undefined => reasons.find(([prefix]) => type.startsWith(prefix))?.[1];

/** Removes what has a reason, what serves only that, and gives their logical ids. */
function drop(template: Template, leftOut: Map<string, number>): Set<string> {
  const gone = new Set<string>();
  for (const [id, { Type }] of Object.entries(template.Resources)) {
    const provider = id.startsWith('CustomCDKBucketDeployment') || id.startsWith('PageRole');
    if (reasonFor(Type) === undefined && !provider) continue;
    if (!provider) leftOut.set(Type, (leftOut.get(Type) ?? 0) + 1);
    gone.add(id);
    delete template.Resources[id];
  }
  return gone;
}

function adapt(fn: Resource, environment: Json, everywhere: Readonly<Record<string, string>>): void {
  const properties = fn.Properties as { VpcConfig?: unknown; Environment?: { Variables: Json } };
  delete properties.VpcConfig;
  const variables = properties.Environment?.Variables ?? {};
  for (const [name, value] of Object.entries(environment)) if (name in variables) variables[name] = value;
  properties.Environment = { Variables: { ...variables, ...everywhere } };
}

/** What the network stack exports is not there: cluster, security group, subnets. */
function withoutNetwork(value: unknown, network: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutNetwork(item, network));
  if (typeof value !== 'object' || value === null) return value;
  const name = (value as Json)['Fn::ImportValue'];
  if (typeof name === 'string' && name.startsWith(`${network}:`))
    return 'arn:aws:kafka:us-east-1:000000000000:cluster/none/none';
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutNetwork(item, network)]));
}

function leaveOutStack(file: string, stack: string): void {
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { artifacts: Record<string, { dependencies?: string[] }> };
  delete manifest.artifacts[stack];
  delete manifest.artifacts[`${stack}.assets`];
  for (const artifact of Object.values(manifest.artifacts))
    if (artifact.dependencies) artifact.dependencies = artifact.dependencies.filter((name) => name !== stack);
  writeFileSync(file, JSON.stringify(manifest));
}
