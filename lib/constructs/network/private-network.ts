import { type CfnResource, Fn, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import {
  type CfnSubnet,
  FlowLogDestination,
  FlowLogTrafficType,
  IpAddresses,
  type ISecurityGroup,
  type ISubnet,
  type IVpc,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { isZoneId, subnetPrefix } from '../../settings/network-address.ts';
import type { StageSettings } from '../../settings/schema.ts';

/**
 * The VPC of the brokers and of the functions that produce to them: isolated subnets, no route to the internet, no NAT.
 * With an existing cluster it is the cluster's own VPC.
 */
export class PrivateNetwork extends Construct {
  readonly vpc: IVpc;
  /** Of the brokers, and of the event pollers, whose interfaces Lambda puts beside them. */
  readonly brokers: ISecurityGroup;
  /** Of our functions in the VPC. */
  readonly functions: SecurityGroup;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    const { kafka } = settings;
    this.vpc =
      kafka.source === 'new'
        ? (this.#create(settings) as IVpc)
        : Vpc.fromVpcAttributes(this, 'Vpc', {
            vpcId: kafka.vpcId,
            availabilityZones: kafka.availabilityZones,
            isolatedSubnetIds: kafka.subnetIds,
            isolatedSubnetRouteTableIds: kafka.routeTableIds,
          });
    this.functions = this.#group('FunctionsGroup', 'Functions that produce to Kafka');
    this.brokers =
      kafka.source === 'new'
        ? this.#group('BrokersGroup', 'Kafka brokers and the event pollers beside them')
        : SecurityGroup.fromSecurityGroupId(this, 'BrokersGroup', kafka.securityGroupId);
  }

  #group(id: string, description: string): SecurityGroup {
    return new SecurityGroup(this, id, { vpc: this.vpc, description, allowAllOutbound: false });
  }

  #create({ network, logRetentionDays, keepData }: StageSettings): Vpc {
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(network.cidr),
      // Without this CDK stops at two zones.
      availabilityZones: zonesOf(network),
      natGateways: 0,
      createInternetGateway: false,
      subnetConfiguration: [{ name: 'private', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: subnetPrefix }],
    });
    for (const subnet of vpc.isolatedSubnets) putById(subnet);
    // Only what was refused: the rest is in the functions' own logs, and would cost by the gigabyte.
    vpc.addFlowLog('Refused', {
      trafficType: FlowLogTrafficType.REJECT,
      destination: FlowLogDestination.toCloudWatchLogs(
        new LogGroup(this, 'FlowLogs', {
          retention: logRetentionDays,
          removalPolicy: keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        }),
      ),
    });
    this.#logOfDefaultGroup(vpc, logRetentionDays);
    return vpc;
  }

  /**
   * CDK closes the VPC's default security group by a function that has no log group: Lambda would make one that nobody deletes.
   */
  #logOfDefaultGroup(vpc: Vpc, logRetentionDays: number): void {
    const provider = Stack.of(this).node.findChild('Custom::VpcRestrictDefaultSGCustomResourceProvider');
    const handler = provider.node.findChild('Handler') as CfnResource;
    const logGroup = new LogGroup(this, 'DefaultGroupLogs', {
      logGroupName: `/aws/lambda/${handler.ref}`,
      retention: logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    vpc.node.findChild('RestrictDefaultSecurityGroupCustomResource').node.addDependency(logGroup);
  }
}

/** Chosen at deployment where none are named, so that synthesis asks no account. */
const zonesOf = ({ zones, zoneNames }: StageSettings['network']): string[] =>
  zoneNames ?? Array.from({ length: zones }, (_, index) => Fn.select(index, Fn.getAzs()));

/** CDK knows zones by name only; CloudFormation takes an id in a property of its own. */
function putById(subnet: ISubnet): void {
  const { availabilityZone: zone } = subnet;
  if (Token.isUnresolved(zone) || !isZoneId(zone)) return;
  const resource = subnet.node.defaultChild as CfnSubnet;
  resource.availabilityZone = undefined;
  resource.availabilityZoneId = zone;
}
