import type { Resource, Template } from '../../lib/cost/template.ts';
import { line, principals, type Statement, short } from './statement.ts';

/** What one role may do, or who may do what with one resource. */
export interface Section {
  readonly title: string;
  readonly statements: readonly Statement[];
  /** The statements, and what else stands in the template: callers, policies of AWS. */
  readonly lines: readonly string[];
}

export interface Permissions {
  /** Of our functions, in the order of the template. */
  readonly functions: readonly Section[];
  /** Of CDK's functions and of AWS's services. */
  readonly roles: readonly Section[];
  /** Policies that stand on a resource: bucket, queue, topic, endpoint. */
  readonly resources: readonly Section[];
}

type Entry = readonly [id: string, resource: Resource];
const properties = <T>({ Properties = {} }: Resource): T => Properties as T;

/** Statements wherever they stand, so that a kind of policy that is new here cannot be left out. */
function statementsIn(value: unknown): Statement[] {
  if (typeof value !== 'object' || value === null) return [];
  const { Statement: found = [], ...rest } = value as { Statement?: Statement | Statement[] };
  return [...(Array.isArray(found) ? found : [found]), ...Object.values(rest).flatMap(statementsIn)];
}

/** All that a stage's templates permit. */
export function permissions(templates: readonly Template[]): Permissions {
  const parts = templates.map(({ Resources = {} }) => inOne(Object.entries(Resources)));
  return {
    functions: parts.flatMap(({ functions }) => functions),
    roles: parts.flatMap(({ roles }) => roles),
    resources: parts.flatMap(({ resources }) => resources),
  };
}

function inOne(entries: readonly Entry[]): Permissions {
  const ofType = (type: string): Entry[] => entries.filter(([, { Type }]) => Type === type);
  const functionOf = new Map(
    ofType('AWS::Lambda::Function').map((entry) => [
      properties<{ Role: { 'Fn::GetAtt': [string, string] } }>(entry[1]).Role['Fn::GetAtt'][0],
      entry,
    ]),
  );
  const nameOf = (role: string): string => String(functionOf.get(role)?.[1].Properties?.FunctionName);
  const attached = (role: string): Statement[] =>
    ofType('AWS::IAM::Policy')
      .filter(([, policy]) => properties<{ Roles: { Ref: string }[] }>(policy).Roles.some(({ Ref }) => Ref === role))
      .flatMap(([, policy]) => statementsIn(policy));
  const callers = (id: string | undefined): string[] =>
    ofType('AWS::Lambda::Permission')
      .map(([, permission]) => properties<Permission>(permission))
      .filter(({ FunctionName }) => FunctionName['Fn::GetAtt'][0] === id)
      .map(({ Principal, SourceArn }) => `called by ${Principal} for ${short(SourceArn)}`);
  const ours = (role: string): boolean => nameOf(role).startsWith('switchboard-');
  const section = ([id, role]: Entry): Section => {
    const { AssumeRolePolicyDocument: trust, ...rest } = role.Properties ?? {};
    const statements = [...statementsIn(rest), ...attached(id)];
    const policies = ((rest.ManagedPolicyArns ?? []) as unknown[]).map((arn) => `all of ${short(arn)}`);
    const who = statementsIn({ trust }).map(({ Principal }) => principals(Principal));
    return {
      title: `${ours(id) ? nameOf(id) : short({ Ref: id })}, as ${who.join(', ')}`,
      statements: [...statementsIn({ trust }), ...statements],
      lines: [...callers(functionOf.get(id)?.[0]), ...policies, ...listed(statements)],
    };
  };
  const roles = ofType('AWS::IAM::Role');
  return {
    functions: roles.filter(([id]) => ours(id)).map(section),
    roles: roles.filter(([id]) => !ours(id)).map(section),
    resources: entries
      .filter(([, { Type }]) => !Type.startsWith('AWS::IAM::'))
      .map(([id, resource]) => ({ title: short({ Ref: id }), statements: statementsIn(resource) }))
      .filter(({ statements }) => statements.length > 0)
      .map((one) => ({ ...one, lines: one.statements.map(line) })),
  };
}

interface Permission {
  readonly FunctionName: { readonly 'Fn::GetAtt': readonly [string, string] };
  readonly Principal: string;
  readonly SourceArn: unknown;
}

/** The pair of statements about network interfaces of a function in a VPC or with a poller is the same everywhere. */
function listed(statements: readonly Statement[]): string[] {
  const isInterfaces = ({ Sid = '' }: Statement): boolean => Sid.startsWith('Interfaces');
  const lines = statements.filter((statement) => !isInterfaces(statement)).map(line);
  return statements.some(isInterfaces)
    ? [...lines, "network interfaces, for Lambda itself: the function's own code is denied them"]
    : lines;
}
