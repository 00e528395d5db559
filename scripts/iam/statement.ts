/** One statement of a policy document, as CloudFormation takes it. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);
/** Without the hash of CDK; an import has that of its resource and one of its own, an attribute's name between them. */
const shortName = (id: string): string => `{${id.replace(/([0-9A-F]{8}[A-Za-z]*)?[0-9A-F]{8}$/, '')}}`;

/** A value with its references by short names; of an ARN only what comes after the account. */
export function short(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[kind, argument] = ['', '']] = Object.entries(value as Record<string, unknown>);
  if (kind === 'Ref') return shortName(String(argument));
  if (kind === 'Fn::GetAtt') return shortName(String(list(argument)[0]).split('.')[0] ?? '');
  if (kind === 'Fn::ImportValue') return shortName(String(argument).replace(/^.*:ExportsOutput(Ref|FnGetAtt)/, ''));
  if (kind === 'Fn::Select')
    return short((argument as [number, { 'Fn::Split': [string, unknown] }])[1]['Fn::Split'][1]);
  if (kind === 'Fn::Sub') return tidy(String(list(argument)[0]).replaceAll('${', '{'));
  if (kind === 'Fn::Join') return tidy((argument as [string, unknown[]])[1].map(short).join(''));
  throw new Error(`unknown reference ${JSON.stringify(value)}`);
}

/** The name of a built file is its content's hash. */
const tidy = (arn: string): string =>
  arn.replace(/^arn:\{[^}]+\}:([a-z0-9-]+):.*?:\{AWS::AccountId\}:/, '').replace(/[0-9a-f]{64}/, '<asset>');

/** Whom a statement of a resource's own policy is about. */
export function principals(principal: unknown): string {
  const named = typeof principal === 'string' ? [principal] : Object.values(principal as object).flatMap(list);
  return named.map((one) => (one === '*' ? 'anybody' : short(one))).join(', ');
}

/** `never` and conditions included; without the service where all actions are of one. */
export function line({ Effect, Action, Resource, Principal, Condition = {} }: Statement): string {
  const [first = ''] = list(Action);
  const service = first.slice(0, first.indexOf(':') + 1);
  const actions = list(Action).map((action) => action.replace(service, ''));
  const when = Object.values(Condition)
    .flatMap((keys) => Object.entries(keys))
    .map(([key, wanted]) => ` when ${key} is ${list(wanted).map(short).join(', ')}`);
  const who = Principal === undefined ? '' : `${principals(Principal)}: `;
  const where = Resource === undefined ? '' : ` on ${list(Resource).map(short).join(', ')}`;
  return `${who}${Effect === 'Deny' ? 'never ' : ''}${service}${actions.join('|')}${where}${when.join('')}`;
}
