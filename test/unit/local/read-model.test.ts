import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloudModel } from '../../../local/template/model.ts';
import { readModel } from '../../../local/template/read-model.ts';

const root = mkdtempSync(join(tmpdir(), 'assembly-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: unknown): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
}

/** A stage in a nested assembly with two stacks; the second is listed first but depends on the first. */
function writeAssembly(): void {
  write('manifest.json', {
    artifacts: { 'assembly-Prod': { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Prod' } } },
  });
  const stack = (file: string, dependencies: string[]) => ({
    type: 'aws:cloudformation:stack',
    environment: 'aws://444455556666/eu-central-1',
    properties: { templateFile: file },
    dependencies,
  });
  write('assembly-Prod/manifest.json', {
    artifacts: {
      Service: stack('Service.json', ['Data', 'Service.assets']),
      Data: stack('Data.json', []),
      'Service.assets': { type: 'cdk:asset-manifest', properties: { file: 'Service.assets.json' } },
    },
  });
  write('assembly-Prod/Service.assets.json', {
    files: {
      code: { source: { path: '../asset.code' }, destinations: { a: { objectKey: 'code.zip' } } },
      site: { source: { path: '../asset.site' }, destinations: { a: { objectKey: 'site.zip' } } },
    },
  });
  write('assembly-Prod/Data.json', {
    Resources: {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          GlobalSecondaryIndexes: [{ IndexName: 'open' }],
          TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
        },
      },
      Cluster: { Type: 'AWS::MSK::Cluster', Properties: { ClusterName: 'log' } },
      Topic: {
        Type: 'AWS::MSK::Topic',
        Properties: {
          TopicName: 'requests',
          PartitionCount: 6,
          ReplicationFactor: 2,
          Configs: Buffer.from('retention.ms=60000\ncleanup.policy=delete').toString('base64'),
        },
      },
      Network: { Type: 'AWS::EC2::VPC', Properties: {} },
    },
    Outputs: {
      Table: { Value: { Ref: 'Table' }, Export: { Name: 'Data:Table' } },
      Cluster: { Value: { Ref: 'Cluster' }, Export: { Name: 'Data:Cluster' } },
    },
  });
  write('assembly-Prod/Service.json', {
    Resources: {
      Fn: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: 'nodejs24.x',
          Code: { S3Key: 'code.zip' },
          Handler: 'index.handler',
          Timeout: 20,
          MemorySize: 512,
          ReservedConcurrentExecutions: 5,
          RecursiveLoop: 'Allow',
          Environment: { Variables: { TABLE: { 'Fn::ImportValue': 'Data:Table' } } },
        },
      },
      Config: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: { Ref: 'Fn' },
          MaximumRetryAttempts: 0,
          MaximumEventAgeInSeconds: 60,
          DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Fn', 'Arn'] } } },
        },
      },
      Provider: { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'nodejs22.x', Code: { S3Key: 'code.zip' } } },
      Deploy: {
        Type: 'Custom::CDKBucketDeployment',
        Properties: {
          ServiceToken: { 'Fn::GetAtt': ['Provider', 'Arn'] },
          DestinationBucketName: { Ref: 'Bucket' },
          SourceObjectKeys: ['site.zip'],
          SystemMetadata: { 'cache-control': 'no-cache' },
          Exclude: ['*.map'],
        },
      },
      Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
      Python: { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'python3.13', Code: { S3Key: 'code.zip' } } },
      Source: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::ImportValue': 'Data:Cluster' },
          FunctionName: { Ref: 'Fn' },
          Topics: ['requests'],
          BatchSize: 100,
          MaximumBatchingWindowInSeconds: 0,
          StartingPosition: 'TRIM_HORIZON',
          MaximumRetryAttempts: 5,
          MaximumRecordAgeInSeconds: 3600,
          BisectBatchOnFunctionError: true,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'group' },
          DestinationConfig: { OnFailure: { Destination: 'kafka://requests-dlt' } },
        },
      },
      QueueSource: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { FunctionName: { Ref: 'Fn' }, EventSourceArn: 'arn:aws:sqs:x' },
      },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          ScheduleExpression: 'rate(1 minute)',
          State: 'ENABLED',
          Targets: [{ Arn: { 'Fn::GetAtt': ['Fn', 'Arn'] }, Id: 'a', Input: '{"a":1}' }],
        },
      },
    },
  });
}

describe('the model of an assembly', () => {
  let model: CloudModel;
  beforeAll(() => {
    writeAssembly();
    model = readModel(root, { kafkaBrokers: 'localhost:1', kafkaIncarnation: 'uuid-1' });
  });

  it('reads nested assemblies, with the place they are for', () => {
    expect(model).toMatchObject({ region: 'eu-central-1', accountId: '444455556666' });
  });

  it('knows a function with its code, limits, environment and asynchronous settings', () => {
    const [fn] = model.functions;
    expect(fn).toEqual({
      name: 'Service-Fn',
      arn: 'arn:aws:lambda:eu-central-1:444455556666:function:Service-Fn',
      logicalId: 'Fn',
      codeDir: join(root, 'asset.code'),
      handler: 'index.handler',
      timeoutSeconds: 20,
      memoryMb: 512,
      environment: { TABLE: 'Data-Table' },
      reservedConcurrency: 5,
      recursiveLoop: 'Allow',
      async: { maximumRetryAttempts: 0, maximumEventAgeSeconds: 60, onFailure: fn?.arn },
    });
  });

  it('knows tables and topics', () => {
    expect(model.tables).toMatchObject([
      { name: 'Data-Table', ttlAttribute: 'expires_at', globalSecondaryIndexes: [{ IndexName: 'open' }] },
    ]);
    expect(model.topics).toEqual([
      {
        name: 'requests',
        partitions: 6,
        replicationFactor: 2,
        configs: { 'retention.ms': '60000', 'cleanup.policy': 'delete' },
      },
    ]);
  });

  it('knows an event source with all its rules', () => {
    expect(model.eventSources).toEqual([
      {
        logicalId: 'Source',
        functionName: 'Service-Fn',
        topic: 'requests',
        consumerGroupId: 'group',
        clusterArn: 'arn:aws:kafka:eu-central-1:444455556666:cluster/log/uuid-1',
        batchSize: 100,
        batchingWindowSeconds: 0,
        startingPosition: 'TRIM_HORIZON',
        maximumRetryAttempts: 5,
        maximumRecordAgeSeconds: 3600,
        bisectBatchOnFunctionError: true,
        reportBatchItemFailures: true,
        onFailureTopic: 'requests-dlt',
        enabled: true,
      },
    ]);
  });

  it('knows schedules, and what a bucket holds', () => {
    expect(model.schedules).toEqual([
      { logicalId: 'Rule', expression: 'rate(1 minute)', functionName: 'Service-Fn', input: { a: 1 }, enabled: true },
    ]);
    expect(model.buckets[0]?.sources).toEqual([
      {
        dir: join(root, 'asset.site'),
        prefix: '',
        exclude: ['*.map'],
        include: [],
        metadata: { 'cache-control': 'no-cache' },
      },
    ]);
  });

  it('lists what means nothing offline, with the reason', () => {
    expect(model.ignored).toEqual(
      expect.arrayContaining([
        { logicalId: 'Network', type: 'AWS::EC2::VPC', reason: expect.any(String) },
        { logicalId: 'Provider', type: 'AWS::Lambda::Function', reason: 'only serves deployments' },
        { logicalId: 'Python', type: 'AWS::Lambda::Function', reason: 'runtime python3.13 does not run offline' },
        {
          logicalId: 'QueueSource',
          type: 'AWS::Lambda::EventSourceMapping',
          reason: 'only Kafka event sources run offline',
        },
      ]),
    );
  });

  it('says what to do when nothing was synthesized', () => {
    expect(() => readModel(join(root, 'nowhere'), { kafkaBrokers: '', kafkaIncarnation: '' })).toThrow(/npm run synth/);
  });
});
