import { describe, expect, test } from 'vitest';
import { functionNames } from '../../lib/functions/names.ts';
import { permissions } from '../../scripts/iam/sections.ts';
import type { Statement } from '../../scripts/iam/statement.ts';
import { existingCluster, propertiesOf, templatesOf } from './support.ts';

/** Everything in a template that looks like a statement, wherever it stands. */
function statementsIn(value: unknown): Statement[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(statementsIn);
  return 'Effect' in value && 'Action' in value ? [value as Statement, ...inside] : inside;
}

const stages: [string, Record<string, unknown>][] = [
  ['dev', { stage: 'dev' }],
  ['cheap', { stage: 'cheap' }],
  ['prod', { stage: 'prod' }],
  ['an existing cluster', { settings: { kafka: existingCluster } }],
  ['a stage that empties its log bucket', { settings: { site: { accessLogs: true } } }],
];

describe.each(stages)('the list of permissions of %s', (_what, context) => {
  const templates = Object.values(templatesOf(context));
  const documents = templates.map((template) => template.toJSON());
  const { functions, roles, resources } = permissions(documents);
  const sections = [...functions, ...roles, ...resources];

  test('has every statement of the templates, each once', () => {
    const texts = (statements: readonly Statement[]) => statements.map((one) => JSON.stringify(one)).toSorted();
    expect(texts(sections.flatMap(({ statements }) => statements))).toEqual(texts(documents.flatMap(statementsIn)));
  });

  test('prints every action, every caller and every policy of AWS', () => {
    for (const { title, statements, lines } of sections)
      for (const { Action, Sid = '' } of statements) {
        const text = [title, ...lines].join('\n');
        if (Sid.startsWith('Interfaces')) expect(text, title).toContain('network interfaces');
        else if (Action !== 'sts:AssumeRole' || !title.includes(', as '))
          for (const action of [Action].flat()) expect(text, title).toContain(action.split(':')[1]);
      }
    const count = (pattern: RegExp) =>
      sections.flatMap(({ lines }) => lines).filter((line) => pattern.test(line)).length;
    const all = (type: string) => templates.flatMap((template) => Object.values(propertiesOf(template, type)));
    expect(count(/^called by /)).toBe(all('AWS::Lambda::Permission').length);
    expect(count(/^all of /)).toBe(
      all('AWS::IAM::Role').flatMap(({ ManagedPolicyArns = [] }) => ManagedPolicyArns).length,
    );
    expect(functions.length + roles.length).toBe(all('AWS::IAM::Role').length);
  });

  test('begins with our functions, and fits a minute', () => {
    expect(
      functions.map(({ title }) => title.replace(/^switchboard-[a-z]+-(.+), as lambda.amazonaws.com$/, '$1')),
    ).toEqual(functionNames);
    expect(sections.reduce((sum, { lines }) => sum + lines.length + 2, 0)).toBeLessThan(170);
  });
});

test('a reference is printed by its resource’s name, without hashes', () => {
  const { resources, functions } = permissions(Object.values(templatesOf({ stage: 'dev' })).map((one) => one.toJSON()));
  expect(resources.map(({ title }) => title)).toContain('{EndpointsS3}');
  expect(functions[0]?.lines).toContain('dynamodb:PutItem on {TablesConnections}');
});
