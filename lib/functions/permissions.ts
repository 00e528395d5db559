import { Aws, Fn } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { consumerGroups, type TopicName, topics } from '../names.ts';
import { asyncCalls } from './async.ts';
import type { FunctionPlan, TableName } from './catalogue.ts';
import { type FunctionName, physicalName } from './names.ts';

/** ARNs that statements are made of; they may be references. */
export interface Resources {
  readonly stage: string;
  readonly tableArns: Readonly<Record<TableName, string>>;
  readonly clusterArn: string;
  /** `arn:…:execute-api:…:{api}/{stage}`. */
  readonly webSocketStageArn: string;
  readonly modelSecretArn: string;
  readonly lostEventsArn: string;
  readonly logGroupArn: string;
}

const arn = (service: string, rest: string): string =>
  `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${rest}`;

export const functionArn = (stage: string, name: FunctionName): string =>
  arn('lambda', `function:${physicalName(stage, name)}`);

/** A topic's or consumer group's ARN repeats the cluster's name and UUID, which only its ARN tells. */
export const kafkaArn = (clusterArn: string, kind: 'topic' | 'group', name: string): string =>
  arn('kafka', `${kind}/${Fn.select(1, Fn.split(':cluster/', clusterArn))}/${name}`);

const allow = (sid: string, actions: readonly string[], resources: readonly string[]): PolicyStatement =>
  new PolicyStatement({ sid, actions: [...actions], resources: [...resources] });

/** Every statement of one function's role. `*` stands only where AWS knows no finer resource: network interfaces. */
export function statementsOf(name: FunctionName, plan: FunctionPlan, of: Resources): PolicyStatement[] {
  return [
    allow('Logs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [of.logGroupArn]),
    ...tables(plan, of),
    ...invokes(plan, of),
    // Sent by Lambda, with the function's role.
    ...(asyncCalls[name]?.destination === 'queue'
      ? [allow('LostEvents', ['sqs:SendMessage'], [of.lostEventsArn])]
      : []),
    ...sockets(plan, of),
    ...(plan.readsModelKey ? [allow('ModelKey', ['secretsmanager:GetSecretValue'], [of.modelSecretArn])] : []),
    ...kafka(plan, of),
    ...networkInterfaces(name, plan, of),
  ];
}

/**
 * The sessions table also holds the key that signs guest identities, in the partition `KEY#guest`: everybody is bound to the
 * partitions of sessions, and only who authenticates callers gets that one too.
 */
function tables(plan: FunctionPlan, of: Resources): PolicyStatement[] {
  const { sessions } = of.tableArns;
  const statements = Object.entries(plan.tables).map(([table, actions]) =>
    allow(
      `Table${table}`,
      actions.map((action) => `dynamodb:${action}`),
      [of.tableArns[table as TableName]],
    ),
  );
  const partitions = (pattern: string) => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [pattern] } });
  for (const statement of statements) if (statement.sid === 'Tablesessions') statement.addConditions(partitions('S#*'));
  if (plan.knowsGuests) {
    const key = allow('GuestKey', ['dynamodb:GetItem', 'dynamodb:PutItem'], [sessions]);
    key.addConditions(partitions('KEY#guest'));
    statements.push(key);
  }
  const indexes = (plan.indexes ?? []).map((index) => `${sessions}/index/${index}`);
  return indexes.length === 0 ? statements : [...statements, allow('Indexsessions', ['dynamodb:Query'], indexes)];
}

function invokes(plan: FunctionPlan, of: Resources): PolicyStatement[] {
  if (plan.invokes === undefined) return [];
  return [
    allow(
      'Invoke',
      ['lambda:InvokeFunction'],
      plan.invokes.map((name) => functionArn(of.stage, name)),
    ),
  ];
}

/** A connection's id is known only when it is opened, so its place is the one wildcard. */
function sockets(plan: FunctionPlan, of: Resources): PolicyStatement[] {
  if (plan.posts === undefined) return [];
  return [
    allow(
      'Sockets',
      ['execute-api:ManageConnections'],
      plan.posts.map((method) => `${of.webSocketStageArn}/${method}/@connections/*`),
    ),
  ];
}

/** The data-plane actions that CDK adds for no event source, and those of a producer. */
function kafka(plan: FunctionPlan, of: Resources): PolicyStatement[] {
  const { consumes, produces = [] } = plan;
  if (consumes === undefined && produces.length === 0) return [];
  const topic = (topicName: TopicName): string => kafkaArn(of.clusterArn, 'topic', topicName);
  const connect = ['kafka-cluster:Connect'];
  if (consumes !== undefined) connect.push('kafka-cluster:DescribeClusterDynamicConfiguration');
  const statements = [allow('KafkaConnect', connect, [of.clusterArn])];
  if (produces.length > 0)
    statements.push(
      allow('KafkaProduce', ['kafka-cluster:DescribeTopic', 'kafka-cluster:WriteData'], produces.map(topic)),
    );
  if (consumes === undefined) return statements;
  const group = consumes === topics.requests ? consumerGroups.supervisor : consumerGroups.responder;
  return [
    ...statements,
    allow('KafkaConsume', ['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'], [topic(consumes)]),
    allow(
      'KafkaGroup',
      ['kafka-cluster:DescribeGroup', 'kafka-cluster:AlterGroup'],
      [kafkaArn(of.clusterArn, 'group', group)],
    ),
    allow(
      'KafkaCluster',
      ['kafka:DescribeCluster', 'kafka:DescribeClusterV2', 'kafka:GetBootstrapBrokers'],
      [of.clusterArn],
    ),
  ];
}

/**
 * Lambda itself makes and removes the interfaces, with the function's role: of its VPC, and of its poller's. The code
 * inside the function is refused the same actions, as AWS advises.
 */
function networkInterfaces(name: FunctionName, plan: FunctionPlan, of: Resources): PolicyStatement[] {
  if (!plan.inVpc && plan.consumes === undefined) return [];
  const actions = ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces'];
  if (plan.inVpc) actions.push('ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses', 'ec2:DescribeSubnets');
  if (plan.consumes !== undefined)
    actions.push('ec2:DescribeVpcs', 'ec2:DescribeSubnets', 'ec2:DescribeSecurityGroups');
  const unique = [...new Set(actions)].sort();
  const own = { ArnEquals: { 'lambda:SourceFunctionArn': functionArn(of.stage, name) } };
  return [
    allow('Interfaces', unique, ['*']),
    new PolicyStatement({
      sid: 'InterfacesNotFromCode',
      effect: Effect.DENY,
      actions: unique,
      resources: ['*'],
      conditions: own,
    }),
  ];
}
