import { RemovalPolicy } from 'aws-cdk-lib';
import { Port } from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnCluster, CfnConfiguration } from 'aws-cdk-lib/aws-msk';
import { Construct } from 'constructs';
import type { StageSettings } from '../../settings/schema.ts';
import type { PrivateNetwork } from '../network/private-network.ts';

/** Port of SASL/OAUTHBEARER over TLS with AWS IAM; the only one open. */
export const iamPort = 9098;

/**
 * A provisioned MSK cluster: IAM authentication only, TLS everywhere, no topic created by a typing error. It goes with its
 * stack, whatever `keepData` says: what people wrote is in the tables, and a cluster that stayed would keep the whole VPC, at
 * $477 a month, under a name that no new one could take.
 */
export class Cluster extends Construct {
  readonly clusterArn: string;
  /** Dimension of the cluster's metrics. */
  readonly clusterName: string;

  constructor(scope: Construct, id: string, settings: StageSettings, network: PrivateNetwork) {
    super(scope, id);
    const { kafka } = settings;
    openBrokerPort(network);
    if (kafka.source === 'existing') {
      this.clusterArn = kafka.clusterArn;
      this.clusterName = kafka.clusterArn.split('/')[1] ?? '';
      return;
    }
    const removalPolicy = settings.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const logs = new LogGroup(this, 'Logs', { retention: settings.logRetentionDays, removalPolicy });
    this.clusterName = `switchboard-${settings.stage}`;
    const configuration = this.#configuration(settings);
    const cluster = new CfnCluster(this, 'Cluster', {
      clusterName: this.clusterName,
      kafkaVersion: kafka.version,
      numberOfBrokerNodes: kafka.brokers,
      brokerNodeGroupInfo: {
        instanceType: kafka.brokerType,
        clientSubnets: network.vpc.isolatedSubnets.map((subnet) => subnet.subnetId),
        securityGroups: [network.brokers.securityGroupId],
        storageInfo: { ebsStorageInfo: { volumeSize: kafka.diskGb } },
      },
      clientAuthentication: { sasl: { iam: { enabled: true } }, unauthenticated: { enabled: false } },
      // At rest MSK encrypts with the account's aws/kafka key when none is named.
      encryptionInfo: { encryptionInTransit: { clientBroker: 'TLS', inCluster: true } },
      configurationInfo: { arn: configuration.attrArn, revision: configuration.attrLatestRevisionRevision },
      loggingInfo: { brokerLogs: { cloudWatchLogs: { enabled: true, logGroup: logs.logGroupName } } },
      // Consumer lag, which the alarms need, is in the default level; finer ones are paid for.
      enhancedMonitoring: 'DEFAULT',
    });
    this.clusterArn = cluster.attrArn;
  }

  #configuration({ topics, stage }: StageSettings): CfnConfiguration {
    return new CfnConfiguration(this, 'Configuration', {
      name: `switchboard-${stage}`,
      serverProperties: Object.entries({
        'auto.create.topics.enable': false,
        'default.replication.factor': topics.replicationFactor,
        'min.insync.replicas': topics.minInsyncReplicas,
        // Losing accepted records to come back sooner would be the wrong trade.
        'unclean.leader.election.enable': false,
      })
        .map(([key, value]) => `${key}=${value}`)
        .join('\n'),
      description: 'Switchboard',
    });
  }
}

function openBrokerPort(network: PrivateNetwork): void {
  const port = Port.tcp(iamPort);
  network.brokers.addIngressRule(network.functions, port, 'Producers');
  network.brokers.addIngressRule(network.brokers, port, 'Event pollers');
  network.brokers.addEgressRule(network.brokers, port, 'Event pollers');
  network.functions.addEgressRule(network.brokers, port, 'Producers');
}
