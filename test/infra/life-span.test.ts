import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { only, type Properties, propertiesOf, stageApp, type Templates, templatesOf } from './support.ts';

const dev = templatesOf({ stage: 'dev' });
const prod = templatesOf({ stage: 'prod' });

const kept = (template: Template): string[] =>
  Object.values(template.toJSON().Resources as Record<string, { Type: string; DeletionPolicy?: string }>)
    .filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain')
    .map(({ Type }) => Type)
    .sort();

/** `Type Property=value` of each name that the templates fix. */
const fixedNames = (templates: Templates, of: (resource: Properties) => boolean): string[] =>
  Object.values(templates)
    .flatMap((template) => Object.values(template.toJSON().Resources as Record<string, Properties>).filter(of))
    .flatMap(({ Type, Properties: properties = {} }) =>
      Object.entries(properties)
        .filter(([key]) => key.endsWith('Name'))
        .map(([key, value]) => `${Type} ${key}=${JSON.stringify(value)}`),
    );

describe('what is left when a stage is destroyed', () => {
  test('is nothing of dev, but the role that all WebSocket logs of the account go by', () => {
    expect([...kept(dev.network), ...kept(dev.data)]).toEqual([]);
    expect(kept(dev.service)).toEqual(['AWS::ApiGateway::Account', 'AWS::IAM::Role']);
    for (const table of Object.values(propertiesOf(dev.data, 'AWS::DynamoDB::Table')))
      expect(table.DeletionProtectionEnabled).toBe(false);
    for (const deployment of Object.values(propertiesOf(dev.service, 'Custom::CDKBucketDeployment')))
      expect(deployment.RetainOnDelete).toBe(false);
  });

  test('is all that people wrote, the key and the logs, of prod; the connections go', () => {
    expect(kept(prod.data)).toEqual([
      'AWS::DynamoDB::Table',
      'AWS::DynamoDB::Table',
      'AWS::S3::Bucket',
      'AWS::S3::Bucket',
      'AWS::SecretsManager::Secret',
    ]);
    // No part of the network is in the way of another: a cluster that stayed would hold subnets and groups that go.
    expect(new Set(kept(prod.network))).toEqual(new Set(['AWS::Logs::LogGroup']));
    const tables = Object.values(propertiesOf(prod.data, 'AWS::DynamoDB::Table'));
    expect(
      tables
        .map((table) => [
          table.DeletionProtectionEnabled,
          table.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled,
        ])
        .sort(),
    ).toEqual([
      [false, false],
      [true, true],
      [true, true],
    ]);
  });

  test.each(['dev', 'prod'])('of %s is not in the way of the same stage deployed again', (stage) => {
    // CloudFormation makes names of its own for what has none; a name that is given must differ from one stack to the next.
    const names = fixedNames(templatesOf({ stage }), ({ DeletionPolicy }) => DeletionPolicy === 'Retain');
    expect(names.filter((name) => !name.includes('{"Ref":"AWS::StackId"}'))).toEqual([]);
  });

  test('is no log that Lambda made itself: functions with a name of ours have a log group of the stack', () => {
    for (const template of Object.values(prod))
      for (const { FunctionName, LoggingConfig } of Object.values(propertiesOf(template, 'AWS::Lambda::Function')))
        if (FunctionName !== undefined)
          expect(Object.keys(propertiesOf(template, 'AWS::Logs::LogGroup'))).toContain(LoggingConfig.LogGroup.Ref);
  });

  test('cannot be anything of prod by accident: its stacks are protected from deletion', () => {
    for (const [stage, wanted] of [
      ['dev', false],
      ['prod', true],
    ] as const) {
      const { stacks } = stageApp({ stage });
      expect([stacks.network, stacks.data, stacks.service].map((stack) => stack.terminationProtection)).toEqual([
        wanted,
        wanted,
        wanted,
      ]);
    }
  });
});

describe('the tables', () => {
  test('have the keys, indexes and expiry that the stores of the functions use', () => {
    const tables = propertiesOf(dev.data, 'AWS::DynamoDB::Table');
    for (const table of Object.values(tables))
      expect(table).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
      });
    const [sessions] = Object.values(tables).filter((table) => table.GlobalSecondaryIndexes !== undefined);
    expect(sessions?.GlobalSecondaryIndexes).toMatchObject([
      {
        IndexName: 'owner',
        KeySchema: [{ AttributeName: 'owner' }, { AttributeName: 'updated_at' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
      {
        IndexName: 'open',
        KeySchema: [{ AttributeName: 'open_shard' }, { AttributeName: 'open_at' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ]);
  });
});

describe('the model’s key', () => {
  test('has no value in the template, and can be a secret that exists', () => {
    expect(only(dev.data, 'AWS::SecretsManager::Secret').SecretString).toBeUndefined();
    const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:openai-AbCdEf';
    const { data, service } = templatesOf({ settings: { model: { secretArn } } });
    data.resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(JSON.stringify(service.toJSON())).toContain(secretArn);
  });
});
