import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Template } from '../lib/cost/template.ts';
import { SettingsError } from '../lib/settings/resolve.ts';
import { synthesize } from '../lib/synthesize.ts';

/** Lists what each function may do, out of the templates of a stage (the first argument; `dev` by default). */
interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

/** A value with its references by short names; of an ARN only what comes after the account. */
function short(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[kind, argument] = ['', '']] = Object.entries(value as Record<string, unknown>);
  const name = (id: string): string => `{${/(.+?)(?=[0-9A-F]{8})/.exec(id)?.[1] ?? id}}`;
  if (kind === 'Ref') return name(String(argument));
  if (kind === 'Fn::GetAtt') return name(String((argument as string[])[0]));
  if (kind === 'Fn::ImportValue') return name(String(argument).replace(/^.*:ExportsOutput(Ref|FnGetAtt)/, ''));
  if (kind === 'Fn::Select')
    return short((argument as [number, { 'Fn::Split': [string, unknown] }])[1]['Fn::Split'][1]);
  if (kind === 'Fn::Join')
    return (argument as [string, unknown[]])[1]
      .map(short)
      .join('')
      .replace(/^arn:\{[^}]+\}:([a-z-]+):.*?:\{AWS::AccountId\}:/, '');
  throw new Error(`unknown reference ${JSON.stringify(value)}`);
}

/** `never` and conditions included; without the service where all actions are of one. */
function line({ Effect, Action, Resource, Condition = {} }: Statement): string {
  const [first = ''] = list(Action);
  const service = first.slice(0, first.indexOf(':') + 1);
  const actions = list(Action).map((action) => action.replace(service, ''));
  const when = Object.values(Condition)
    .flatMap((keys) => Object.entries(keys))
    .map(([key, wanted]) => ` when ${key} is ${list(wanted).map(short).join(', ')}`);
  const where = list(Resource).map(short).join(', ');
  return `  ${Effect === 'Deny' ? 'never ' : ''}${service}${actions.join('|')} on ${where}${when.join('')}`;
}

/** The pair of statements about network interfaces of a function in a VPC or with a poller is the same everywhere. */
const isInterfaces = ({ Sid = '' }: Statement): boolean => Sid.startsWith('Interfaces');

function print(template: Template): void {
  for (const { Type, Properties = {} } of Object.values(template.Resources ?? {})) {
    if (Type !== 'AWS::Lambda::Function' || !String(Properties.FunctionName).startsWith('switchboard-')) continue;
    const role = (Properties.Role as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0];
    const policies = template.Resources?.[role]?.Properties?.Policies as
      | { PolicyDocument: { Statement: Statement[] } }[]
      | undefined;
    const statements = policies?.flatMap(({ PolicyDocument }) => PolicyDocument.Statement) ?? [];
    console.log(`\n${Properties.FunctionName}`);
    for (const statement of statements) if (!isInterfaces(statement)) console.log(line(statement));
    if (statements.some(isInterfaces))
      console.log("  network interfaces, for Lambda itself: the function's own code is denied them");
  }
}

const outdir = mkdtempSync(join(tmpdir(), 'switchboard-iam-'));
try {
  const { templates } = await synthesize({ root, outdir, context: { stage: process.argv[2] ?? 'dev' } });
  for (const template of templates) print(template);
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(`No list: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
