import { readAssembly } from '../../local/template/assembly.ts';
import { createAttributes } from '../../local/template/attributes.ts';
import { Resolver } from '../../local/template/resolver.ts';
import { functionName } from '../../local/template/resources/functions.ts';
import type { AwsCall } from './aws-calls.ts';

/** A statement of a role, its references resolved. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The statements of each function's role, out of the templates, by the function's name. */
export function statementsByFunction(assemblyDir: string): Map<string, Statement[]> {
  const resolver = new Resolver(
    readAssembly(assemblyDir).stacks,
    createAttributes({ kafkaBrokers: '', kafkaIncarnation: '' }),
  );
  const found = new Map<string, Statement[]>();
  for (const resource of resolver.resources()) {
    if (resource.type !== 'AWS::Lambda::Function') continue;
    const role = (resource.properties.Role as { 'Fn::GetAtt'?: [string] } | undefined)?.['Fn::GetAtt']?.[0];
    const declared = role === undefined ? undefined : resolver.resource(resource.stack, role);
    if (declared === undefined) continue;
    const { Policies = [] } = resolver.properties(declared) as {
      Policies?: { PolicyDocument: { Statement: Statement[] } }[];
    };
    const name = functionName(String(resolver.resolve({ Ref: resource.logicalId }, resource.stack)));
    found.set(
      name,
      Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
    );
  }
  return found;
}

/** The statement that lets a call through; undefined when none does, or one forbids it. */
export function allowing(statements: readonly Statement[], call: AwsCall): Statement | undefined {
  const about = statements.filter((statement) => concerns(statement, call));
  return about.some(({ Effect }) => Effect === 'Deny') ? undefined : about.find(({ Effect }) => Effect === 'Allow');
}

function concerns(
  { Action, Resource, Condition = {} }: Statement,
  { action, resource, leadingKeys }: AwsCall,
): boolean {
  const actions = [Action].flat() as string[];
  const resources = [Resource].flat() as string[];
  if (!actions.some((pattern) => matches(pattern, action))) return false;
  // The ARN's last part; service, Region and account are one and the same here.
  if (!resources.some((pattern) => matches(pattern.split(':').slice(5).join(':'), resource))) return false;
  return Object.entries(Condition).every(([operator, values]) => {
    const patterns = [values['dynamodb:LeadingKeys'] ?? []].flat() as string[];
    if (operator !== 'ForAllValues:StringLike' || Object.keys(values).length !== 1 || patterns.length === 0)
      throw new Error(`this evaluation does not know the condition ${operator} ${JSON.stringify(values)}`);
    return leadingKeys.every((key) => patterns.some((pattern) => matches(pattern, key)));
  });
}

function matches(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`, 's').test(text);
}
