import { describe, expect, test } from 'vitest';
import { functionNames } from '../../lib/functions/names.ts';
import { only, type Properties, propertiesOf, sorted, type Templates, templatesOf, written } from './support.ts';

const dev = templatesOf({ stage: 'dev' });
const cheap = templatesOf({ stage: 'cheap' });
const prod = templatesOf({ stage: 'prod' });

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

const list = <T>(value: T | readonly T[]): T[] => (Array.isArray(value) ? [...value] : [value as T]);

function functionOf({ service }: Templates, stage: string, name: string): Properties {
  const all = Object.values(propertiesOf(service, 'AWS::Lambda::Function'));
  const found = all.find((properties) => properties.FunctionName === `switchboard-${stage}-${name}`);
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
}

function statementsOf(templates: Templates, stage: string, name: string): Statement[] {
  const role = functionOf(templates, stage, name).Role['Fn::GetAtt'][0];
  const properties = propertiesOf(templates.service, 'AWS::IAM::Role')[role] ?? {};
  expect(properties.ManagedPolicyArns).toBeUndefined();
  return properties.Policies.flatMap((policy: Properties) => policy.PolicyDocument.Statement);
}

/** One line a statement: actions, resources without the account, condition values. */
function grants(name: string): string[] {
  return statementsOf(dev, 'dev', name).map(({ Effect, Action, Resource, Condition = {} }) => {
    const where = list(Resource).map((resource) => written(resource).replace(/^arn:.*?:\{AWS::AccountId\}:/, ''));
    const when = Object.values(Condition).flatMap((keys) =>
      Object.values(keys).flatMap((value) => list(value).map(written)),
    );
    return [
      Effect === 'Deny' ? 'DENY' : '',
      list(Action).join(' '),
      'on',
      where.join(' '),
      when.length > 0 ? `if ${when.join(' ').replace(/^arn:.*:/, '')}` : '',
    ]
      .filter(Boolean)
      .join(' ');
  });
}

const cluster = '{KafkaCluster}';
const sessions = (actions: string) => `${prefixed('dynamodb', actions)} on {TablesSessions} if S#*`;
const guestKey = 'dynamodb:GetItem dynamodb:PutItem on {TablesSessions} if KEY#guest';
const memory = (actions: string) => `${prefixed('dynamodb', actions)} on {TablesMemory}`;
const connections = (actions: string) => `${prefixed('dynamodb', actions)} on {TablesConnections}`;
const index = (name: string) => `dynamodb:Query on {TablesSessions}/index/${name}`;
const invoke = (...names: string[]) =>
  `lambda:InvokeFunction on ${names.map((name) => `function:switchboard-dev-${name}`).join(' ')}`;
const sockets = (...methods: string[]) =>
  `execute-api:ManageConnections on ${methods.map((method) => `{SocketApi}/chat/${method}/@connections/*`).join(' ')}`;
const connect = `kafka-cluster:Connect on ${cluster}`;
const produce = (...topics: string[]) =>
  `kafka-cluster:DescribeTopic kafka-cluster:WriteData on ${topics.map((topic) => `topic/${cluster}/${topic}`).join(' ')}`;
const consume = (topic: string, group: string) => [
  `kafka-cluster:Connect kafka-cluster:DescribeClusterDynamicConfiguration on ${cluster}`,
  `kafka-cluster:DescribeTopic kafka-cluster:ReadData on topic/${cluster}/${topic}`,
  `kafka-cluster:AlterGroup kafka-cluster:DescribeGroup on group/${cluster}/${group}`,
  `kafka:DescribeCluster kafka:DescribeClusterV2 kafka:GetBootstrapBrokers on ${cluster}`,
];
const prefixed = (service: string, actions: string) =>
  actions
    .split(' ')
    .map((action) => `${service}:${action}`)
    .join(' ');

/** All that each function may do, its own log and the network interfaces apart. */
const expected: Record<(typeof functionNames)[number], string[]> = {
  'ws-connect': [sessions('GetItem'), guestKey, connections('PutItem')],
  'ws-disconnect': [connections('DeleteItem GetItem')],
  'ws-message': [
    sessions('GetItem PutItem Query UpdateItem'),
    connections('GetItem'),
    invoke('responder'),
    connect,
    produce('chat-requests'),
  ],
  'ws-resume': [sessions('GetItem Query'), connections('DeleteItem GetItem'), sockets('POST')],
  'http-api': [
    sessions('BatchGetItem BatchWriteItem GetItem PutItem Query UpdateItem'),
    guestKey,
    index('owner'),
    memory('BatchWriteItem Query'),
    connections('DeleteItem Query'),
    sockets('DELETE', 'POST'),
  ],
  'http-message': [
    sessions('GetItem PutItem Query UpdateItem'),
    guestKey,
    invoke('responder'),
    connect,
    produce('chat-requests'),
  ],
  supervisor: [
    sessions('GetItem PutItem Query UpdateItem'),
    memory('GetItem Query'),
    invoke('conversation', 'responder'),
    produce('chat-requests-dlt', 'chat-responses'),
    ...consume('chat-requests', 'switchboard-supervisor'),
  ],
  conversation: [
    sessions('GetItem Query UpdateItem'),
    memory('BatchWriteItem GetItem PutItem Query'),
    connections('DeleteItem Query'),
    invoke('supervisor'),
    sockets('POST'),
    'secretsmanager:GetSecretValue on {ModelKey}',
  ],
  responder: [
    sessions('BatchWriteItem GetItem PutItem Query UpdateItem'),
    connections('DeleteItem Query'),
    invoke('dead-letter', 'supervisor'),
    sockets('POST'),
    produce('chat-responses-dlt'),
    ...consume('chat-responses', 'switchboard-responder'),
  ],
  'dead-letter': [connect, produce('chat-responses-dlt'), 'sqs:SendMessage on {LostEvents.Arn}'],
  sweep: [
    sessions('BatchWriteItem GetItem Query UpdateItem'),
    index('open'),
    memory('BatchWriteItem Query'),
    connect,
    produce('chat-requests'),
  ],
};

const inVpc = ['ws-message', 'http-message', 'supervisor', 'dead-letter', 'sweep'];
const polled = ['supervisor', 'responder'];

describe.each(functionNames)('the function %s', (name) => {
  test('may do what its code does, and nothing else', () => {
    const own = grants(name).filter((grant) => !grant.includes('ec2:') && !grant.startsWith('logs:'));
    expect(sorted(own)).toEqual(sorted(expected[name]));
  });

  test('writes to its own log group only, which CloudWatch empties after a while', () => {
    const { LoggingConfig } = functionOf(dev, 'dev', name);
    const id = LoggingConfig.LogGroup.Ref as string;
    const logs = statementsOf(dev, 'dev', name).filter(({ Sid }) => Sid === 'Logs');
    expect(logs).toEqual([expect.objectContaining({ Resource: { 'Fn::GetAtt': [id, 'Arn'] } })]);
    expect(propertiesOf(dev.service, 'AWS::Logs::LogGroup')[id]?.RetentionInDays).toBe(7);
    expect(propertiesOf(prod.service, 'AWS::Logs::LogGroup')[id]?.RetentionInDays).toBe(90);
  });

  test('gets network interfaces by Lambda where it needs them, and cannot make any itself', () => {
    const interfaces = statementsOf(dev, 'dev', name).filter(({ Sid = '' }) => Sid.startsWith('Interfaces'));
    expect(functionOf(dev, 'dev', name).VpcConfig !== undefined).toBe(inVpc.includes(name));
    if (!inVpc.includes(name) && !polled.includes(name)) return expect(interfaces).toEqual([]);
    const [allowed, denied] = interfaces;
    expect(denied?.Effect).toBe('Deny');
    expect(denied?.Action).toEqual(allowed?.Action);
    expect(JSON.stringify(denied?.Condition)).toContain(`:function:switchboard-dev-${name}"`);
  });

  test('runs on Node 24 on arm64, and ends before whatever waits for it', () => {
    for (const [stage, templates] of [
      ['dev', dev],
      ['prod', prod],
    ] as const) {
      const fn = functionOf(templates, stage, name);
      expect(fn).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' });
      if (name.startsWith('ws-') || name.startsWith('http-')) expect(fn.Timeout).toBeLessThan(29);
    }
  });
});

describe('the environment of the functions', () => {
  test('is what each needs, and no more', () => {
    const common = ['LOG_LEVEL', 'STAGE'];
    const producer = ['KAFKA_AUTH', 'KAFKA_BROKERS'];
    const names = Object.fromEntries(
      functionNames.map((name) => [name, sorted(Object.keys(functionOf(dev, 'dev', name).Environment.Variables))]),
    );
    expect(names).toEqual(
      Object.fromEntries(
        Object.entries({
          'ws-connect': ['AUTH', 'ORIGIN_SECRET', 'SESSIONS_TABLE', 'CONNECTIONS_TABLE'],
          'ws-disconnect': ['CONNECTIONS_TABLE'],
          'ws-message': [...producer, 'REQUESTS_TOPIC', 'SESSIONS_TABLE', 'CONNECTIONS_TABLE', 'RESPONDER_FUNCTION'],
          'ws-resume': ['SESSIONS_TABLE', 'CONNECTIONS_TABLE', 'CALLBACK_URL'],
          'http-api': [
            'AUTH',
            'ORIGIN_SECRET',
            'SESSIONS_TABLE',
            'CONNECTIONS_TABLE',
            'MEMORY_TABLE',
            'CALLBACK_URL',
            'OPENAI_MODEL',
          ],
          'http-message': [
            ...producer,
            'REQUESTS_TOPIC',
            'AUTH',
            'ORIGIN_SECRET',
            'SESSIONS_TABLE',
            'RESPONDER_FUNCTION',
          ],
          supervisor: [
            ...producer,
            'RESPONSES_TOPIC',
            'REQUESTS_DLT',
            'BATCH_FAILURES',
            'SESSIONS_TABLE',
            'MEMORY_TABLE',
            'CONVERSATION_FUNCTION',
            'RESPONDER_FUNCTION',
            'DISPATCH_LEASE_MS',
            'RESUME_LEASE_MS',
          ],
          conversation: [
            'OPENAI_MODEL',
            'OPENAI_SECRET_ARN',
            'MODEL_IDLE_MS',
            'MODEL_TOTAL_MS',
            'SESSIONS_TABLE',
            'MEMORY_TABLE',
            'CONNECTIONS_TABLE',
            'CALLBACK_URL',
          ],
          responder: [
            'BATCH_FAILURES',
            'SESSIONS_TABLE',
            'CONNECTIONS_TABLE',
            'CALLBACK_URL',
            'SUPERVISOR_FUNCTION',
            'DEAD_LETTER_FUNCTION',
          ],
          'dead-letter': [...producer, 'RESPONSES_DLT'],
          sweep: [...producer, 'REQUESTS_TOPIC', 'SESSIONS_TABLE', 'MEMORY_TABLE'],
        }).map(([name, own]) => [name, sorted([...common, ...own])]),
      ),
    );
  });

  test('holds no secret: the model’s key is read by one function, the origin’s value by CloudFormation', () => {
    const text = JSON.stringify(dev.service.toJSON());
    expect(text).not.toMatch(/OPENAI_API_KEY|sk-[A-Za-z0-9]/);
    const { ORIGIN_SECRET } = functionOf(dev, 'dev', 'ws-connect').Environment.Variables;
    expect(written(ORIGIN_SECRET)).toBe('{{resolve:secretsmanager:{OriginSecretsVersion1}:SecretString:::}}');
  });
});

describe('asynchronous calls', () => {
  test('are tried, kept and reported as each function’s callers need', () => {
    const configs = Object.values(propertiesOf(dev.service, 'AWS::Lambda::EventInvokeConfig')).map((config) => [
      written(config.FunctionName).replace(/^\{Functions|Function\}$/g, ''),
      config.MaximumRetryAttempts,
      config.MaximumEventAgeInSeconds,
      written(config.DestinationConfig?.OnSuccess?.Destination ?? ''),
      written(config.DestinationConfig?.OnFailure?.Destination ?? ''),
    ]);
    expect(sorted(configs)).toEqual([
      ['conversation', 0, 60, '{FunctionssupervisorFunction.Arn}', '{FunctionssupervisorFunction.Arn}'],
      ['deadletter', 2, 21600, '', '{LostEvents.Arn}'],
      ['responder', 0, 60, '', ''],
      ['supervisor', 2, 3600, '', ''],
      ['sweep', 0, 60, '', ''],
    ]);
  });

  test('that set a record aside and fail for good leave it in a queue, for two weeks', () => {
    expect(only(dev.service, 'AWS::SQS::Queue')).toMatchObject({
      MessageRetentionPeriod: 14 * 24 * 3600,
      SqsManagedSseEnabled: true,
    });
  });

  test.each(['dev', 'cheap', 'prod'])('leave a run of %s alone for as long as somebody may be at it', (stage) => {
    const { service } = templatesOf({ stage });
    const { Environment } = functionOf({ service } as Templates, stage, 'supervisor');
    const { RESUME_LEASE_MS, DISPATCH_LEASE_MS } = Environment.Variables;
    const responder = functionOf({ service } as Templates, stage, 'responder');
    expect(Number(RESUME_LEASE_MS)).toBeGreaterThan(responder.Timeout * 1000);
    const calls = Object.values(propertiesOf(service, 'AWS::Lambda::EventInvokeConfig'));
    const conversation = calls.find(({ FunctionName }) => written(FunctionName).includes('conversation'));
    expect(Number(DISPATCH_LEASE_MS)).toBeGreaterThan(conversation?.MaximumEventAgeInSeconds * 1000);
  });

  test('may go round in a ring among those three that are made to', () => {
    const allowed = functionNames.filter((name) => functionOf(dev, 'dev', name).RecursiveLoop === 'Allow');
    expect(allowed).toEqual(['supervisor', 'conversation', 'responder']);
  });

  test('reserve capacity in prod only: a new account has none to give', () => {
    const reserved = (templates: Templates, stage: string) =>
      functionNames.flatMap((name) => functionOf(templates, stage, name).ReservedConcurrentExecutions ?? []);
    expect(reserved(dev, 'dev')).toEqual([]);
    expect(reserved(prod, 'prod')).toEqual([300, 1]);
  });

  test('are made by the schedule every minute, which does not pile up', () => {
    dev.service.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [{ RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } }],
    });
  });
});

describe('the event sources', () => {
  const sources = ({ service }: Templates) =>
    Object.values(propertiesOf(service, 'AWS::Lambda::EventSourceMapping')).map(
      ({ Tags: _tags, EventSourceArn: _arn, ...rest }) => ({
        ...rest,
        FunctionName: written(rest.FunctionName),
      }),
    );

  test('give what fails again alone and bounded, and set it aside in the end', () => {
    const common = {
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 0,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 5,
      MaximumRecordAgeInSeconds: 3600,
      ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 1, PollerGroupName: 'switchboard-dev' },
      MetricsConfig: { Metrics: ['EventCount'] },
    };
    expect(sources(dev)).toEqual([
      {
        ...common,
        FunctionName: '{FunctionssupervisorFunction}',
        Topics: ['chat-requests'],
        AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'switchboard-supervisor' },
        DestinationConfig: { OnFailure: { Destination: 'kafka://chat-requests-dlt' } },
      },
      {
        ...common,
        FunctionName: '{FunctionsresponderFunction}',
        Topics: ['chat-responses'],
        AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'switchboard-responder' },
        DestinationConfig: { OnFailure: { Destination: 'kafka://chat-responses-dlt' } },
      },
    ]);
  });

  test('carry none of that on demand, where AWS knows none of it, and the functions are told to throw instead', () => {
    for (const source of sources(cheap))
      expect(sorted(Object.keys(source))).toEqual([
        'AmazonManagedKafkaEventSourceConfig',
        'BatchSize',
        'FunctionName',
        'MaximumBatchingWindowInSeconds',
        'StartingPosition',
        'Topics',
      ]);
    for (const name of polled) {
      expect(functionOf(cheap, 'cheap', name).Environment.Variables.BATCH_FAILURES).toBe('throw');
      expect(functionOf(dev, 'dev', name).Environment.Variables.BATCH_FAILURES).toBe('report');
    }
  });
});

describe.each([
  ['dev', dev],
  ['cheap', cheap],
  ['prod', prod],
])('the policies of %s', (_stage, templates) => {
  /** Every statement of every document in a template, roles', buckets', endpoints' and topics' alike, with its resource's id. */
  function statements(): [string, Statement][] {
    const found: [string, Statement][] = [];
    const walk = (id: string, value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('Effect' in value && 'Action' in value) found.push([id, value as unknown as Statement]);
      for (const inner of Object.values(value)) walk(id, inner);
    };
    for (const template of Object.values(templates))
      for (const [id, resource] of Object.entries(template.toJSON().Resources as object)) walk(id, resource);
    return found;
  }

  test('name every action that they allow in full', () => {
    expect(statements().length).toBeGreaterThan(50);
    for (const [id, { Effect, Action }] of statements())
      if (Effect === 'Allow') for (const action of list(Action)) expect(action, id).not.toContain('*');
  });

  /** Who may name every resource, and why AWS leaves no choice: interfaces that do not exist yet, a list without resources. */
  const unbound = /^(Functions.*Role|DynamoDbPrefixListLookupCallCustomResourcePolicy)/;

  test('bind every role to resources, but for network interfaces and one lookup', () => {
    for (const [id, { Resource }] of statements())
      if (/Role|Policy/.test(id) && list(Resource).includes('*')) expect(id).toMatch(unbound);
  });
});
