import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { Cluster } from '../constructs/kafka/cluster.ts';
import { Topics } from '../constructs/kafka/topics.ts';
import { DynamoDbPrefixList } from '../constructs/network/dynamodb-prefix-list.ts';
import { Endpoints } from '../constructs/network/endpoints.ts';
import { PrivateNetwork } from '../constructs/network/private-network.ts';
import { SdkCall } from '../constructs/sdk-call.ts';
import type { StageSettings } from '../settings/schema.ts';

/** What lives longest and takes longest to make (a cluster: 15 to 40 minutes): the VPC and the log. */
export class NetworkStack extends Stack {
  readonly network: PrivateNetwork;
  readonly prefixList: DynamoDbPrefixList;
  readonly clusterArn: string;
  readonly clusterName: string;
  /** Comma-separated `host:port`, for IAM authentication. */
  readonly bootstrapBrokers: string;

  constructor(scope: Construct, id: string, props: StackProps & { readonly settings: StageSettings }) {
    super(scope, id, props);
    const { settings } = props;
    this.network = new PrivateNetwork(this, 'Network', settings);
    const { kafka } = settings;
    if (kafka.source === 'new' || kafka.createEndpoints) new Endpoints(this, 'Endpoints', settings, this.network);
    // CDK's own would be kept for two years, whatever the stage.
    const logGroup = new LogGroup(this, 'LookupLogs', {
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.prefixList = new DynamoDbPrefixList(this, 'DynamoDbPrefixList', this.network, logGroup);

    const cluster = new Cluster(this, 'Kafka', settings, this.network);
    this.clusterArn = cluster.clusterArn;
    this.clusterName = cluster.clusterName;
    new Topics(this, 'Topics', settings, cluster.clusterArn);
    this.bootstrapBrokers = new SdkCall(this, 'BootstrapBrokers', {
      logGroup,
      service: 'Kafka',
      action: 'getBootstrapBrokers',
      parameters: { ClusterArn: cluster.clusterArn },
      outputPath: 'BootstrapBrokerStringSaslIam',
      permission: { action: 'kafka:GetBootstrapBrokers', resource: cluster.clusterArn },
    }).value;
  }
}
