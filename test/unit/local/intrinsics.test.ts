// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation and API Gateway.
import { describe, expect, it } from 'vitest';
import type { StackTemplate } from '../../../local/template/assembly.ts';
import { createAttributes } from '../../../local/template/attributes.ts';
import { Resolver } from '../../../local/template/resolver.ts';

function stack(stackName: string, template: Record<string, unknown>): StackTemplate {
  return { id: stackName, stackName, region: 'eu-west-1', accountId: '111122223333', template };
}

const main = stack('Main', {
  Parameters: {
    Size: { Type: 'Number', Default: 7 },
    Names: { Type: 'CommaDelimitedList', Default: 'a,b' },
    Version: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/version' },
    Known: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/app/known' },
  },
  Mappings: { Sizes: { 'eu-west-1': { disk: 20 } } },
  Conditions: {
    IsIreland: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
    IsNot: { 'Fn::Not': [{ Condition: 'IsIreland' }] },
    Both: { 'Fn::And': [{ Condition: 'IsIreland' }, { Condition: 'IsNot' }] },
    Either: { 'Fn::Or': [{ Condition: 'IsIreland' }, { Condition: 'IsNot' }] },
  },
  Resources: {
    Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'things' } },
    Unnamed: { Type: 'AWS::DynamoDB::Table', Properties: {} },
    Queue: { Type: 'AWS::SQS::Queue', Condition: 'IsNot', Properties: {} },
    Param: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/app/known', Value: { Ref: 'Table' } } },
    Circle: { Type: 'AWS::SSM::Parameter', Properties: { Value: { 'Fn::GetAtt': ['Circle', 'Value'] } } },
    Cluster: { Type: 'AWS::MSK::Cluster', Properties: { ClusterName: 'log' } },
    Brokers: {
      Type: 'Custom::AWS',
      Properties: {
        Create: {
          'Fn::Join': [
            '',
            [
              '{"service":"Kafka","action":"getBootstrapBrokers","parameters":{"ClusterArn":"',
              { Ref: 'Cluster' },
              '"}}',
            ],
          ],
        },
      },
    },
    Other: { Type: 'Custom::AWS', Properties: { Create: '{"service":"SSM","action":"getParameter"}' } },
    Alias: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } },
    Fn: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'worker' } },
    Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'key' } },
    Socket: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'WEBSOCKET' } },
    Thing: { Type: 'AWS::Unheard::Of', Properties: {} },
  },
  Outputs: { Exported: { Value: { Ref: 'Table' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Table' } } } },
});
const other = stack('Other', { Resources: {}, Outputs: { Plain: { Value: 'weak' } } });
const surroundings = {
  kafkaBrokers: 'localhost:1',
  kafkaIncarnation: 'uuid-1',
  parameters: { '/cdk-bootstrap/version': '21' },
};
const resolver = new Resolver([main, other], createAttributes(surroundings));
const resolved = (value: unknown, from = main): unknown => resolver.resolve(value, from);

describe('intrinsic functions', () => {
  it.each<[string, unknown, unknown]>([
    ['a pseudo parameter', { Ref: 'AWS::AccountId' }, '111122223333'],
    ['a parameter with its default', { Ref: 'Size' }, '7'],
    ['a list parameter', { Ref: 'Names' }, ['a', 'b']],
    ['an SSM parameter nobody declares', { Ref: 'Version' }, '21'],
    ['an SSM parameter of the assembly', { Ref: 'Known' }, 'things'],
    ['a name', { Ref: 'Table' }, 'things'],
    ['a generated name', { Ref: 'Unnamed' }, 'Main-Unnamed'],
    ['an ARN', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:aws:dynamodb:eu-west-1:111122223333:table/things'],
    ['an ARN in the dotted form', { 'Fn::GetAtt': 'Fn.Arn' }, 'arn:aws:lambda:eu-west-1:111122223333:function:worker'],
    ['an alias as its function', { Ref: 'Alias' }, 'arn:aws:lambda:eu-west-1:111122223333:function:worker'],
    ['a secret as its ARN', { Ref: 'Secret' }, 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:key'],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'Table' }]] }, 'a-things'],
    ['Select of Split', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    [
      'Sub with attributes',
      { 'Fn::Sub': '${Table}/${Fn.Arn}' },
      'things/arn:aws:lambda:eu-west-1:111122223333:function:worker',
    ],
    ['Sub with variables and a literal', { 'Fn::Sub': ['${a}${!b}', { a: { Ref: 'Table' } }] }, 'things${b}'],
    ['If', { 'Fn::If': ['IsIreland', 'yes', 'no'] }, 'yes'],
    ['If of a compound condition', { 'Fn::If': ['Both', 'yes', { 'Fn::If': ['Either', 'or', 'no'] }] }, 'or'],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'disk'] }, 20],
    ['GetAZs', { 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
    ['Base64', { 'Fn::Base64': 'hi' }, 'aGk='],
    ['ToJsonString', { 'Fn::ToJsonString': { a: { Ref: 'Table' } } }, '{"a":"things"}'],
    ['Length', { 'Fn::Length': [1, 2] }, 2],
    ['a dynamic reference', '{{resolve:ssm:/app/known}}!', 'things!'],
    ['a secret in a dynamic reference', 'x{{resolve:secretsmanager:arn:SecretString:::}}', 'x'],
    [
      'NoValue, dropped from objects and lists',
      { a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] },
      { b: [1] },
    ],
    ['what is unknown, in words', { 'Fn::GetAtt': ['Thing', 'Shape'] }, 'offline:Thing.Shape'],
    ['a circle, in words', { 'Fn::GetAtt': ['Circle', 'Value'] }, 'unresolved:Main/Circle.Value'],
  ])('resolves %s', (_, value, expected) => expect(resolved(value)).toEqual(expected));

  it('follows exports and outputs into other stacks', () => {
    expect(resolved({ 'Fn::ImportValue': 'Main:Table' }, other)).toBe('things');
    expect(resolved({ 'Fn::GetStackOutput': { StackName: 'Other', OutputName: 'Plain' } })).toBe('weak');
  });

  it('puts the broker of this machine in the place of the cluster', () => {
    expect(resolved({ Ref: 'Cluster' })).toBe('arn:aws:kafka:eu-west-1:111122223333:cluster/log/uuid-1');
    expect(resolved({ 'Fn::GetAtt': ['Brokers', 'BootstrapBrokerStringSaslIam'] })).toBe('localhost:1');
    expect(resolved({ 'Fn::GetAtt': ['Other', 'Parameter.Value'] })).toBe('offline:Other.Parameter.Value');
  });

  it('gives an API the same id at every start', () => {
    const again = new Resolver([main], createAttributes(surroundings));
    expect(resolved({ Ref: 'Socket' })).toMatch(/^[a-z0-9]{10}$/);
    expect(again.resolve({ Ref: 'Socket' }, main)).toBe(resolved({ Ref: 'Socket' }));
    expect(resolved({ 'Fn::GetAtt': ['Socket', 'ApiEndpoint'] })).toMatch(
      /^wss:\/\/[a-z0-9]{10}\.execute-api\.eu-west-1\./,
    );
  });

  it('leaves out resources whose condition does not hold', () => {
    const ids = resolver.resources().map(({ logicalId }) => logicalId);
    expect(ids).toContain('Table');
    expect(ids).not.toContain('Queue');
  });
});
