import { describe, expect, test } from 'vitest';
import { existingCluster, only, propertiesOf, sorted, templatesOf, written } from './support.ts';

const dev = templatesOf({ stage: 'dev' });
const cheap = templatesOf({ stage: 'cheap' });
const prod = templatesOf({ stage: 'prod' });
const stages = { dev, cheap, prod };

describe.each(Object.entries(stages))('the network of %s', (_stage, { network, data, service }) => {
  test('has no way to the internet: no NAT, no internet gateway, no route, no public subnet', () => {
    for (const template of [network, data, service])
      for (const type of ['NatGateway', 'InternetGateway', 'Route', 'EIP', 'EgressOnlyInternetGateway'])
        template.resourceCountIs(`AWS::EC2::${type}`, 0);
    for (const subnet of Object.values(propertiesOf(network, 'AWS::EC2::Subnet')))
      expect(subnet.MapPublicIpOnLaunch).toBe(false);
  });

  test('names a peer in every rule, in both directions: no address range at all', () => {
    const text = JSON.stringify([network.toJSON(), service.toJSON()]);
    expect(text).not.toMatch(/"0\.0\.0\.0\/0"|"::\/0"/);
    const rules = [
      ...Object.values(propertiesOf(network, 'AWS::EC2::SecurityGroupIngress')),
      ...Object.values(propertiesOf(network, 'AWS::EC2::SecurityGroupEgress')),
    ];
    for (const rule of rules) {
      expect(rule.CidrIp ?? rule.CidrIpv6).toBeUndefined();
      expect(
        rule.SourceSecurityGroupId ?? rule.DestinationSecurityGroupId ?? rule.DestinationPrefixListId,
      ).toBeDefined();
    }
    // CDK writes this pair for "nothing out": an address that nobody has.
    const groups = Object.values(propertiesOf(network, 'AWS::EC2::SecurityGroup'));
    for (const group of groups) {
      expect(group.SecurityGroupIngress).toBeUndefined();
      for (const rule of group.SecurityGroupEgress ?? [])
        expect(rule.CidrIp ?? '255.255.255.255/32').toBe('255.255.255.255/32');
    }
  });

  test('opens the IAM port of the brokers to producers and pollers, and nothing else of them', () => {
    const ports = Object.values(propertiesOf(network, 'AWS::EC2::SecurityGroupIngress'))
      .filter((rule) => written(rule.GroupId).includes('BrokersGroup'))
      .map((rule) => [rule.FromPort, rule.ToPort, written(rule.SourceSecurityGroupId)]);
    expect(sorted(ports)).toEqual([
      [9098, 9098, '{NetworkBrokersGroup.GroupId}'],
      [9098, 9098, '{NetworkFunctionsGroup.GroupId}'],
    ]);
  });
});

describe('the zones of a new VPC', () => {
  const placesOf = (network: Record<string, unknown>) =>
    Object.values(propertiesOf(templatesOf({ settings: { network } }).network, 'AWS::EC2::Subnet')).map(
      ({ AvailabilityZone, AvailabilityZoneId }) => ({ AvailabilityZone, AvailabilityZoneId }),
    );

  test('are the first of the Region where none are named', () => {
    expect(placesOf({})).toEqual(
      [0, 1].map((index) => ({ AvailabilityZone: { 'Fn::Select': [index, { 'Fn::GetAZs': '' }] } })),
    );
  });

  test('are those that are named, by name or by id', () => {
    const [names, ids] = [
      ['eu-west-1a', 'eu-west-1c'],
      ['euw1-az1', 'euw1-az3'],
    ];
    expect(placesOf({ zoneNames: names })).toEqual(names.map((AvailabilityZone) => ({ AvailabilityZone })));
    expect(placesOf({ zoneNames: ids })).toEqual(ids.map((AvailabilityZoneId) => ({ AvailabilityZoneId })));
  });
});

describe('the endpoints', () => {
  const services = (templates: typeof dev, type: string) =>
    sorted(
      Object.values(propertiesOf(templates.network, 'AWS::EC2::VPCEndpoint'))
        .filter((endpoint) => endpoint.VpcEndpointType === type)
        .map((endpoint) => written(endpoint.ServiceName).replace(/^.*\./, '')),
    );

  test('are gateways for DynamoDB and S3, and one interface for Lambda', () => {
    expect(services(dev, 'Gateway')).toEqual(['dynamodb', 's3']);
    expect(services(dev, 'Interface')).toEqual(['lambda']);
    expect(services(prod, 'Interface')).toEqual(['lambda']);
  });

  test('have STS beside them where pollers come on demand', () => {
    expect(services(cheap, 'Interface')).toEqual(['lambda', 'sts']);
  });

  test('stand in one zone of dev and in every zone of prod', () => {
    const zones = (templates: typeof dev) =>
      Object.values(propertiesOf(templates.network, 'AWS::EC2::VPCEndpoint')).flatMap(
        (endpoint) => endpoint.SubnetIds?.length ?? [],
      );
    expect(zones(dev)).toEqual([1]);
    expect(zones(prod)).toEqual([3]);
  });

  test('let only those of our functions be invoked that are called from the VPC, and only this account’s data be reached', () => {
    const policies = Object.values(propertiesOf(dev.network, 'AWS::EC2::VPCEndpoint')).flatMap(
      (endpoint) => endpoint.PolicyDocument.Statement,
    );
    const invoke = policies.find(({ Action }) => Action === 'lambda:InvokeFunction');
    const others = policies.filter((statement) => statement !== invoke);
    expect(invoke.Resource.map(written).map((arn: string) => arn.replace(/^.*:/, ''))).toEqual([
      'switchboard-dev-conversation',
      'switchboard-dev-responder',
    ]);
    for (const statement of others)
      expect(statement.Condition).toEqual({ StringEquals: { 'aws:ResourceAccount': { Ref: 'AWS::AccountId' } } });
  });
});

describe('Kafka', () => {
  test('takes IAM over TLS only, and creates no topic by itself', () => {
    for (const { network } of [dev, prod]) {
      const cluster = only(network, 'AWS::MSK::Cluster');
      expect(cluster.ClientAuthentication).toEqual({
        Sasl: { Iam: { Enabled: true } },
        Unauthenticated: { Enabled: false },
      });
      expect(cluster.EncryptionInfo.EncryptionInTransit).toEqual({ ClientBroker: 'TLS', InCluster: true });
      expect(cluster.BrokerNodeGroupInfo.ConnectivityInfo).toBeUndefined();
      expect(only(network, 'AWS::MSK::Configuration').ServerProperties).toContain('auto.create.topics.enable=false');
    }
  });

  test('is two small brokers in dev; in prod three in three zones, of which one may be missing', () => {
    expect(only(dev.network, 'AWS::MSK::Cluster')).toMatchObject({
      KafkaVersion: '3.9.x',
      NumberOfBrokerNodes: 2,
      BrokerNodeGroupInfo: { InstanceType: 'kafka.t3.small', ClientSubnets: [{}, {}] },
    });
    expect(only(prod.network, 'AWS::MSK::Cluster')).toMatchObject({
      KafkaVersion: '3.9.x.kraft',
      NumberOfBrokerNodes: 3,
      BrokerNodeGroupInfo: { InstanceType: 'kafka.m7g.large', ClientSubnets: [{}, {}, {}] },
    });
    expect(only(prod.network, 'AWS::MSK::Configuration').ServerProperties).toContain('min.insync.replicas=2');
  });

  test.each([
    ['dev', dev, 6, 2, 'min.insync.replicas=1'],
    ['prod', prod, 24, 3, 'min.insync.replicas=2'],
  ])('has the four topics of the contract in %s', (_stage, { network }, partitions, replicas, isr) => {
    const topics = Object.values(propertiesOf(network, 'AWS::MSK::Topic'));
    expect(Object.fromEntries(topics.map((topic) => [topic.TopicName, topic.PartitionCount]))).toEqual({
      'chat-requests': partitions,
      'chat-responses': partitions,
      'chat-requests-dlt': 1,
      'chat-responses-dlt': 1,
    });
    for (const topic of topics) {
      expect(topic.ReplicationFactor).toBe(replicas);
      expect(Buffer.from(topic.Configs, 'base64').toString()).toContain(isr);
    }
  });

  test('of one’s own is used where its ARN is given: topics are made in it, no VPC and no cluster', () => {
    const { network, service } = templatesOf({
      settings: {
        kafka: { ...existingCluster, createEndpoints: false },
      },
    });
    for (const type of ['AWS::MSK::Cluster', 'AWS::EC2::VPC', 'AWS::EC2::VPCEndpoint'])
      network.resourceCountIs(type, 0);
    network.resourceCountIs('AWS::MSK::Topic', 4);
    network.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-01234567', FromPort: 9098 });
    service.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: existingCluster.clusterArn,
    });
  });
});
