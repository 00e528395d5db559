import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { notes } from '../../lib/checks/notes.ts';
import { logMetrics } from '../../lib/constructs/sight/log-metrics.ts';
import { idleItems, idleMonthly } from '../../lib/cost/idle.ts';
import { keepingItem } from '../../lib/cost/keeping.ts';
import type { Template } from '../../lib/cost/template.ts';
import { turnItems } from '../../lib/cost/turn.ts';
import { bytesKept, typicalTurn, typicalVisit } from '../../lib/cost/turn-profile.ts';
import { visitItems } from '../../lib/cost/visit.ts';
import { brokerTypes } from '../../lib/settings/cluster.ts';
import { existingCluster, only, propertiesOf, sorted, stageApp, templatesOf } from './support.ts';

const cards = Object.fromEntries(
  ['dev', 'cheap', 'prod'].map((stage) => {
    const { settings, app } = stageApp({ stage });
    const templates = app.synth().stacks.map(({ template }) => template as Template);
    return [stage, { settings, templates, idle: idleMonthly(templates) }] as const;
  }),
);
const cluster = (InstanceType: string): Template[] => {
  const Properties = { NumberOfBrokerNodes: 3, BrokerNodeGroupInfo: { InstanceType } };
  return [{ Resources: { Cluster: { Type: 'AWS::MSK::Cluster', Properties } } }];
};
const card = (stage: string) => {
  const found = cards[stage];
  if (found === undefined) throw new Error(stage);
  return found;
};

describe('the cost card', () => {
  test('keeps the cheap stage at $100 a month when idle', () => {
    expect(card('cheap').idle).toBeLessThanOrEqual(100);
  });

  test.each([
    ['cheap', 38],
    ['dev', 38],
    ['prod', 38],
  ])('keeps a million turns of %s at $%d without the model', (stage, dollars) => {
    const items = turnItems(card(stage).templates, typicalTurn);
    expect(items.reduce((sum, { perMillion }) => sum + perMillion, 0)).toBeLessThanOrEqual(dollars);
    for (const { what, perMillion } of items) expect(perMillion, what).toBeGreaterThan(0.01);
  });

  test('takes the APIs’ access logs for half the price of the functions’ lines', () => {
    const logs = turnItems(card('dev').templates, { ...typicalTurn, logBytes: 1000, accessLogBytes: 1000 });
    const cost = (what: RegExp) => logs.find((item) => what.test(item.what))?.perMillion;
    expect(cost(/^function logs/)).toBeCloseTo(0.5);
    expect(cost(/^access logs/)).toBeCloseTo(0.25);
  });

  test('adds what a visit and keeping the words cost', () => {
    const sum = (stage: string) =>
      visitItems(card(stage).templates, typicalVisit).reduce((total, { perMillion }) => total + perMillion, 0);
    expect(sum('dev')).toBeGreaterThan(1);
    expect(sum('dev')).toBeLessThan(4);
    const keeping = (stage: string) => keepingItem(card(stage).templates, bytesKept).perMillion;
    expect(keeping('dev')).toBeCloseTo(1.25);
    expect(keeping('prod')).toBeCloseTo(2.25);
  });

  test('sees what costs by the hour, a NAT gateway above all, and shares pollers within their group', () => {
    const nat = idleItems([{ Resources: { Nat: { Type: 'AWS::EC2::NatGateway' } } }]);
    expect(nat).toEqual([{ what: 'NAT gateway', count: 1, monthly: expect.closeTo(32.85) }]);
    expect(idleItems(card('dev').templates)).toContainEqual({
      what: 'event poller unit',
      count: 1,
      monthly: expect.closeTo(135.05),
    });
    expect(idleItems(card('cheap').templates).map(({ what }) => what)).not.toContain('event poller unit');
  });

  test.each(brokerTypes)('has the price of %s', (brokerType) => {
    const [brokers, ...rest] = idleItems(cluster(brokerType)).filter(({ what }) => what.includes('kafka.'));
    expect(rest).toEqual([]);
    expect(brokers).toEqual({ what: `MSK broker ${brokerType}`, count: 3, monthly: expect.any(Number) });
    expect(brokers?.monthly).toBeGreaterThan(90);
  });

  test('grows with the broker’s size, as AWS’s own does', () => {
    for (const [large = '', ...sizes] of [brokerTypes.slice(1, 9), brokerTypes.slice(9)]) {
      const of = (type: string) => idleItems(cluster(type)).find(({ what }) => what.includes(type))?.monthly ?? 0;
      for (const type of sizes) {
        const larges = 2 * Number(/(\d*)xlarge/.exec(type)?.[1] || 1);
        expect(of(type), type).toBeCloseTo(larges * of(large), 6);
      }
    }
  });

  test('does not guess the price of a broker it does not know, and holds up no synthesis', () => {
    const unknown = cluster('kafka.m99.huge');
    expect(idleMonthly(unknown)).toBeUndefined();
    expect(idleItems(unknown)[0]).toEqual({
      what: 'no price for kafka.m99.huge in lib/cost/prices.ts',
      count: 3,
      monthly: undefined,
    });
    expect(notes(card('dev').settings, unknown)[0]).toBe(
      'stage dev: cost when idle unknown: no price for kafka.m99.huge in lib/cost/prices.ts',
    );
  });

  test('is said at synthesis, with what the stage’s settings give up', () => {
    const said = (stage: string) => notes(card(stage).settings, card(stage).templates).join('\n');
    expect(said('dev')).toMatch(/stage dev: about \$2\d\d a month when idle/);
    expect(said('cheap')).toMatch(/one poison record blocks its partition/);
    expect(said('prod')).not.toMatch(/poison|t3/);
    expect(said('prod')).toMatch(/nobody is told of alarms/);
  });
});

describe('what an operator sees', () => {
  test('has an alarm for each thing that goes wrong, all to one topic', () => {
    const { service } = templatesOf({ stage: 'dev' });
    const alarms = Object.values(propertiesOf(service, 'AWS::CloudWatch::Alarm'));
    const names = alarms.map((alarm) => alarm.AlarmName.replace('switchboard-dev-', ''));
    expect(names).toEqual(
      expect.arrayContaining([
        'requests-lag',
        'responses-lag',
        'dead-letters',
        'failed-ends',
        'slow-turns',
        'push-errors',
        'sweep-findings',
        'conversation-failing',
        'requests-given-up',
        'broker-1-disk',
        'lost-events',
        'supervisor-dropped',
        'conversation-late',
        'kafka-silent',
        'kafka-offline',
        'broker-2-refuses',
        'broker-1-busy',
        'broker-1-credits',
        'http-5xx',
        'socket-errors',
        'sessions-throttled',
        'indexes-throttled',
      ]),
    );
    for (const alarm of alarms) {
      expect(alarm.AlarmActions).toHaveLength(1);
      expect(alarm.AlarmDescription.length).toBeGreaterThan(30);
    }
    const below = alarms.filter(({ ComparisonOperator }) => ComparisonOperator === 'LessThanThreshold');
    expect(sorted(below.map(({ AlarmName, TreatMissingData }) => `${AlarmName} ${TreatMissingData}`))).toEqual([
      'switchboard-dev-broker-1-credits notBreaching',
      'switchboard-dev-broker-2-credits notBreaching',
      'switchboard-dev-kafka-silent breaching',
      'switchboard-dev-sweep-silent breaching',
    ]);
    service.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  });

  test('has alarms for a cluster of its own only, and for credits where there are any', () => {
    const named = (context: Record<string, unknown>) =>
      Object.values(propertiesOf(templatesOf(context).service, 'AWS::CloudWatch::Alarm')).map(
        ({ AlarmName }) => AlarmName as string,
      );
    expect(named({ settings: { kafka: existingCluster } }).filter((name) => /broker|-kafka-/.test(name))).toEqual([]);
    const prod = named({ stage: 'prod' });
    expect(prod).toContain('switchboard-prod-broker-3-busy');
    expect(prod.filter((name) => name.endsWith('-credits'))).toEqual([]);
  });

  test('reaches the topic: CloudWatch may publish to it, over TLS', () => {
    const { service } = templatesOf({ stage: 'dev' });
    const { Statement } = only(service, 'AWS::SNS::TopicPolicy').PolicyDocument;
    expect(Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    );
  });

  test('counts a function that only fails, or is only throttled', () => {
    const { service } = templatesOf({ stage: 'dev' });
    const sums = Object.values(propertiesOf(service, 'AWS::CloudWatch::Alarm')).flatMap(({ Metrics = [] }) =>
      Metrics.flatMap(({ Expression }: { Expression?: string }) => Expression ?? []),
    );
    expect(sums.length).toBeGreaterThan(10);
    for (const sum of sums) expect(sum).toMatch(/^FILL\(\w+, 0\) \+ FILL\(\w+, 0\)$/);
  });

  test.each(['warn', 'error'])(
    'would see nothing of lines that the level %s leaves out, which is refused',
    (logLevel) => {
      expect(() => templatesOf({ settings: { logLevel } })).toThrow('logLevel');
    },
  );

  test('is counted from lines that the functions do write', () => {
    const steps = Object.values(logMetrics).flatMap(({ pattern }) => /\$\.step = "([^"]+)"/.exec(pattern)?.[1] ?? []);
    expect(steps).toHaveLength(4);
    for (const step of steps) {
      const found = execFileSync('grep', ['-rlF', `'${step}'`, 'lambdas'], { encoding: 'utf8' });
      expect(found.split('\n').length, step).toBeGreaterThan(1);
    }
  });
});
