import { describe, expect, test } from 'vitest';
import { resolveSettings } from '../../lib/settings/resolve.ts';
import { existingCluster as existing } from './support.ts';

const resolve = (context: Record<string, unknown>, environment: NodeJS.ProcessEnv = {}) =>
  resolveSettings((key) => context[key], environment);

describe('the settings of a stage', () => {
  test('are those of dev when nothing is said', () => {
    expect(resolve({}).stage).toBe('dev');
  });

  test.each(['dev', 'cheap', 'prod'])('of the built-in stage %s are valid', (stage) => {
    expect(resolve({ stage }).stage).toBe(stage);
  });

  test('take the stage from the environment where no context names one', () => {
    expect(resolve({}, { STAGE: 'prod' }).stage).toBe('prod');
    expect(resolve({ stage: 'dev' }, { STAGE: 'prod' }).stage).toBe('dev');
  });

  test('of a stage of one’s own are those of the one it extends, but for what differs', () => {
    const stages = { alice: { extends: 'dev', topics: { partitions: 2 } } };
    const alice = resolve({ stage: 'alice', stages });
    expect(alice).toMatchObject({ stage: 'alice', topics: { partitions: 2, replicationFactor: 2 } });
  });

  test('can be overridden by JSON on the command line', () => {
    expect(resolve({ settings: '{"model":{"name":"gpt-5-mini"}}' }).model.name).toBe('gpt-5-mini');
  });

  test('take a cluster that exists in place of a new one, whole', () => {
    expect(resolve({ settings: { kafka: existing } }).kafka).toEqual(existing);
  });

  test.each(['3.7.x.kraft', '3.9.x', '3.9.x.kraft', '4.1.x.kraft'])(
    'take Kafka %s on brokers that have it',
    (version) => {
      const settings = { kafka: { version, brokerType: 'kafka.m7g.large' } };
      expect(resolve({ settings }).kafka).toMatchObject(settings.kafka);
    },
  );

  test.each([
    ['open in prod', { stage: 'prod', settings: { auth: 'open' } }, /auth: "open".*prod/],
    ['an unknown stage', { stage: 'qa' }, /unknown stage "qa": use dev, cheap, prod/],
    [
      'a name too long for a function’s',
      { stage: 'a'.repeat(17), stages: { [`${'a'.repeat(17)}`]: { extends: 'dev' } } },
      /stage:/,
    ],
    ['JSON that is none', { settings: '{auth:open}' }, /settings is not JSON/],
    ['an unknown setting', { settings: { colour: 'red' } }, /colour/],
    [
      'brokers that do not divide over the zones',
      { settings: { kafka: { brokers: 3 } } },
      /kafka\.brokers: must be a multiple/,
    ],
    [
      'more replicas than brokers',
      { settings: { topics: { replicationFactor: 3 } } },
      /replicationFactor: only 2 brokers/,
    ],
    [
      'an ISR that one broker’s maintenance breaks',
      { settings: { topics: { minInsyncReplicas: 2 } } },
      /minInsyncReplicas/,
    ],
    ['a range that is none', { settings: { network: { cidr: '999.1.1.1/99' } } }, /network\.cidr: not an IPv4 range/],
    ['a range that AWS does not take', { settings: { network: { cidr: '10.0.0.0/8' } } }, /network\.cidr: AWS takes/],
    ['a range within a range', { settings: { network: { cidr: '10.77.0.1/16' } } }, /network\.cidr: not the first/],
    [
      'a range that its subnets do not fit',
      { settings: { network: { cidr: '10.77.0.0/24' } } },
      /network\.cidr: too small for 2 subnets of \/24: take \/23 or wider/,
    ],
    [
      'a function that API Gateway does not wait for',
      { settings: { functions: { 'ws-message': { timeoutSeconds: 60 } } } },
      /ws-message.*timeoutSeconds: at most 28/,
    ],
    [
      'sweeps that run into each other',
      { settings: { functions: { sweep: { timeoutSeconds: 300 } } } },
      /functions\.sweep\.timeoutSeconds: at most 55/,
    ],
    [
      'a Kafka without topics of CloudFormation',
      { settings: { kafka: { version: '2.8.1' } } },
      /kafka\.version: .*3\.6/,
    ],
    [
      'KRaft on the broker that has none',
      { settings: { kafka: { version: '3.9.x.kraft' } } },
      /kafka\.version: 3\.9\.x\.kraft is KRaft, which MSK does not offer on kafka\.t3\.small/,
    ],
    [
      'a version that is KRaft by itself, on the same',
      { settings: { kafka: { version: '4.0.x' } } },
      /kafka\.version: 4\.0\.x is KRaft/,
    ],
    [
      'KRaft before MSK had it',
      { stage: 'prod', settings: { kafka: { version: '3.6.0.kraft' } } },
      /kafka\.version: MSK has KRaft from 3\.7 on/,
    ],
    ['a broker of a size that MSK lacks', { settings: { kafka: { brokerType: 'kafka.m7g.24xlarge' } } }, /brokerType/],
    ['a broker of no known kind', { settings: { kafka: { brokerType: 'kafka.foo.bar' } } }, /kafka\.brokerType/],
    [
      'pollers that would have nothing to poll',
      { settings: { eventSource: { maximumPollers: 50 } } },
      /eventSource\.maximumPollers: more than topics\.partitions \(6\)/,
    ],
    [
      'more concurrency than an account has',
      { settings: { functions: { sweep: { reservedConcurrency: 100_000 } } } },
      /reservedConcurrency: at most 900/,
    ],
    [
      'a certificate where CloudFront does not look',
      {
        settings: {
          site: {
            domain: { name: 'chat.example.com', certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/a' },
          },
        },
      },
      /site\.domain\.certificateArn: .*us-east-1/,
    ],
    ['a web ACL that is a bucket', { settings: { site: { webAclArn: 'arn:aws:s3:::bucket' } } }, /site\.webAclArn/],
    [
      'a cluster with more subnets than zones',
      { settings: { kafka: { ...existing, subnetIds: [...existing.subnetIds, 'subnet-23456789'] } } },
      /kafka\.subnetIds: one subnet, zone and route table/,
    ],
    [
      'fewer pollers at most than at least',
      { settings: { eventSource: { minimumPollers: 2, maximumPollers: 1 } } },
      /eventSource\.minimumPollers: more than maximumPollers/,
    ],
    [
      'an endpoint where there is no zone',
      { settings: { network: { endpointZones: 3 } } },
      /network\.endpointZones: more than network\.zones/,
    ],
    [
      'a zone without a partner',
      { settings: { network: { zoneNames: ['eu-west-1a'] } } },
      /network\.zoneNames: as many as network\.zones \(2\)/,
    ],
    [
      'a zone twice',
      { settings: { network: { zoneNames: ['eu-west-1a', 'eu-west-1a'] } } },
      /network\.zoneNames: each once/,
    ],
    [
      'zones that may be the same',
      { settings: { network: { zoneNames: ['eu-west-1a', 'euw1-az1'] } } },
      /network\.zoneNames: all by name or all by id/,
    ],
    [
      'a Region for a zone',
      { settings: { network: { zoneNames: ['eu-west-1', 'eu-west-1b'] } } },
      /network\.zoneNames\[0\]: not a zone’s name/,
    ],
    [
      'zones for a cluster that has its own',
      { settings: { kafka: existing, network: { zoneNames: existing.availabilityZones } } },
      /network\.zoneNames: of a new VPC only/,
    ],
    [
      'an answer that has no time to be stored',
      { settings: { functions: { conversation: { timeoutSeconds: 10 } } } },
      /functions\.conversation\.timeoutSeconds: at least 20/,
    ],
    ['a stage that keeps what anybody may read', { settings: { auth: 'open', keepData: true } }, /auth: "open"/],
    [
      'two contradictions, both',
      { settings: { kafka: { brokers: 3 }, network: { endpointZones: 3 } } },
      /kafka\.brokers: .*; network\.endpointZones: /,
    ],
    ['a retention CloudWatch does not know', { settings: { logRetentionDays: 8 } }, /logRetentionDays/],
    [
      'a record age beyond the topic’s retention',
      { settings: { topics: { retentionHours: 1 }, eventSource: { maxRecordAgeSeconds: 7200 } } },
      /maxRecordAgeSeconds/,
    ],
    [
      'MSK Serverless',
      { settings: { kafka: { ...existing, clusterArn: `${existing.clusterArn.slice(0, -1)}s1` } } },
      /kafka\.clusterArn/,
    ],
  ])('refuse %s in one line that names the setting', (_what, context, message) => {
    expect(() => resolve(context)).toThrow(message);
  });
});
