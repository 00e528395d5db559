import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../../../local/http/listen.ts';
import { createRuntime } from '../../../local/runtime.ts';
import type { FixtureApp } from '../../support/local-assembly.ts';
import { type RunningFixture, runFixture } from '../../support/local-runtime.ts';

const eventually = { timeout: 15_000, interval: 20 };

const consumer = {
  code: `export const handler = async (event) => {
    for (const records of Object.values(event.records)) for (const { value } of records) console.log('GOT ' + Buffer.from(value, 'base64') + ' ' + event.eventSourceArn.split('/').at(-1));
  };`,
};
const cluster = { Type: 'AWS::MSK::Cluster', Properties: { ClusterName: 'log' } };
const app: FixtureApp = {
  functions: {
    consumer,
    env: {
      code: 'export const handler = async () => process.env;',
      properties: {
        Environment: {
          Variables: {
            KAFKA_BROKERS: { 'Fn::GetAtt': ['Brokers', 'BootstrapBrokerStringSaslIam'] },
            KAFKA_AUTH: 'iam',
            LEVEL: 'info',
            OPENAI_MODEL: 'big',
            URL: { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': ['Distribution', 'DomainName'] }, '/x']] },
            TABLE: { Ref: 'Table' },
          },
        },
      },
    },
    plain: {
      code: 'export const handler = async () => process.env;',
      properties: { Environment: { Variables: { OWN: 'kept' } } },
    },
  },
  resources: {
    Cluster: cluster,
    Brokers: { Type: 'Custom::AWS', Properties: { Create: '{"service":"Kafka","action":"getBootstrapBrokers"}' } },
    Topic: { Type: 'AWS::MSK::Topic', Properties: { TopicName: 'things', PartitionCount: 4, ReplicationFactor: 1 } },
    Source: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { Ref: 'Cluster' },
        FunctionName: { Ref: 'consumer' },
        Topics: ['things'],
        MaximumBatchingWindowInSeconds: 0,
        StartingPosition: 'TRIM_HORIZON',
        AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'group' },
      },
    },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'things',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      },
    },
  },
};

let fixture: RunningFixture;
beforeAll(async () => {
  fixture = await runFixture(app, { environment: { LEVEL: 'debug', OWN_NOT: 'x' } });
});
afterAll(() => fixture.stop());

describe('a running runtime', () => {
  it('says where it is in runtime.json', () => {
    const { runtime, folders } = fixture;
    expect(JSON.parse(readFileSync(join(folders.dataDir, 'runtime.json'), 'utf8'))).toEqual({
      url: runtime.url,
      kafka_brokers: runtime.kafkaBrokers,
      dynamodb_endpoint: runtime.dynamodbEndpoint,
      pid: process.pid,
    });
  });

  it('gives functions the local parts in the place of the cloud’s, and its own settings where they declare them', async () => {
    const { payload } = await fixture.runtime.invoke('env', {});
    expect(payload).toMatchObject({
      KAFKA_BROKERS: fixture.runtime.kafkaBrokers,
      KAFKA_AUTH: 'none',
      LEVEL: 'debug',
      OPENAI_MODEL: 'demo',
      OPENAI_BASE_URL: fixture.runtime.demoModel,
      OPENAI_API_KEY: 'offline',
      URL: `${fixture.runtime.url}/x`,
      TABLE: 'things',
      AWS_ENDPOINT_URL_DYNAMODB: fixture.runtime.dynamodbEndpoint,
      AWS_ENDPOINT_URL_LAMBDA: fixture.runtime.endpointsUrl,
    });
    const plain = (await fixture.runtime.invoke('plain', {})).payload as Record<string, string>;
    expect(plain.OWN).toBe('kept');
    for (const name of ['OWN_NOT', 'OPENAI_API_KEY', 'PATH', 'LEVEL']) expect(plain).not.toHaveProperty(name);
  });

  it('keeps a second runtime out of its folder', async () => {
    const { assemblyDir, dataDir } = fixture.folders;
    await expect(createRuntime({ assemblyDir, dataDir })).rejects.toMatchObject({
      name: 'StartupError',
      setting: 'DATA_DIR',
      message: expect.stringContaining('in use'),
    });
    expect(existsSync(join(dataDir, 'runtime.json'))).toBe(true);
  });

  it('feeds event sources, and goes on with an empty broker when the first is lost', async () => {
    const { runtime, lines } = fixture;
    const send = (value: string) =>
      runtime.parts.kafka?.produce('things', [{ key: Buffer.from('k'), value: Buffer.from(value), headers: [] }]);
    await send('first');
    await expect.poll(() => lines.filter((line) => line.startsWith('GOT first')), eventually).toHaveLength(1);
    const before = runtime.kafkaBrokers;
    await runtime.loseKafka();
    expect(runtime.kafkaBrokers).not.toBe(before);
    await send('second');
    await expect.poll(() => lines.filter((line) => line.startsWith('GOT second')), eventually).toHaveLength(1);
    const incarnations = lines.filter((line) => line.startsWith('GOT ')).map((line) => line.split(' ')[2]);
    expect(new Set(incarnations).size).toBe(2);
    expect((await runtime.invoke('env', {})).payload).toMatchObject({ KAFKA_BROKERS: runtime.kafkaBrokers });
  });
});

describe('a runtime that cannot start', () => {
  const root = mkdtempSync(join(tmpdir(), 'cannot-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('names PORT when the port is in use, and lets go of its folder', async () => {
    const server = createServer();
    const port = await listen(server, 0, '127.0.0.1');
    const dataDir = join(root, 'data');
    const { assemblyDir } = fixture.folders;
    for (const _ of [1, 2]) {
      await expect(createRuntime({ assemblyDir, dataDir, port })).rejects.toMatchObject({
        name: 'StartupError',
        setting: 'PORT',
      });
    }
    server.close();
  });

  it('names DATA_DIR when there is a file in its place', async () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    await expect(createRuntime({ assemblyDir: fixture.folders.assemblyDir, dataDir: file })).rejects.toMatchObject({
      setting: 'DATA_DIR',
    });
  });

  it('says to synthesize when there is no assembly', async () => {
    mkdirSync(join(root, 'empty'));
    await expect(createRuntime({ assemblyDir: join(root, 'empty'), dataDir: join(root, 'other') })).rejects.toThrow(
      /npm run synth/,
    );
  });
});
