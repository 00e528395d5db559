import { describe, expect, test } from 'vitest';
import { resolveSettings } from '../../lib/settings/resolve.ts';

const resolve = (context: Record<string, unknown>, environment: NodeJS.ProcessEnv = {}) =>
  resolveSettings((key) => context[key], environment);

const existing = {
  source: 'existing',
  clusterArn: 'arn:aws:kafka:eu-west-1:123456789012:cluster/theirs/0a1b2c3d-1111-2222-3333-444455556666-7',
  vpcId: 'vpc-0123456789abcdef0',
  subnetIds: ['subnet-01234567', 'subnet-12345678'],
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  routeTableIds: ['rtb-01234567', 'rtb-12345678'],
  securityGroupId: 'sg-01234567',
  createEndpoints: true,
};

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
