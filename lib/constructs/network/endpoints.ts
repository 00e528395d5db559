import { Aws } from 'aws-cdk-lib';
import {
  GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  Port,
  SecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { catalogue, tableActions } from '../../functions/catalogue.ts';
import { functionNames } from '../../functions/names.ts';
import { functionArn } from '../../functions/permissions.ts';
import type { StageSettings } from '../../settings/schema.ts';
import type { PrivateNetwork } from './private-network.ts';

/**
 * The only ways out of the VPC: DynamoDB and S3 through free gateway endpoints, Lambda through one interface endpoint.
 * In on-demand mode Lambda's pollers need it too, and one for STS.
 */
export class Endpoints extends Construct {
  constructor(scope: Construct, id: string, settings: StageSettings, network: PrivateNetwork) {
    super(scope, id);
    const { vpc } = network;
    new GatewayVpcEndpoint(this, 'DynamoDb', { vpc, service: GatewayVpcEndpointAwsService.DYNAMODB }).addToPolicy(
      ownAccountOnly(tableActions.map((action) => `dynamodb:${action}`)),
    );
    new GatewayVpcEndpoint(this, 'S3', { vpc, service: GatewayVpcEndpointAwsService.S3 }).addToPolicy(
      ownAccountOnly(['s3:GetObject']),
    );

    const group = new SecurityGroup(this, 'Group', {
      vpc,
      description: 'Interface endpoints of AWS services',
      allowAllOutbound: false,
    });
    const onDemand = settings.eventSource.mode === 'on-demand';
    for (const caller of onDemand ? [network.functions, network.brokers] : [network.functions]) {
      group.addIngressRule(caller, Port.HTTPS, 'Calls of AWS services');
      caller.addEgressRule(group, Port.HTTPS, 'Calls of AWS services');
    }

    const interfaces: [string, InterfaceVpcEndpointAwsService][] = [['Lambda', InterfaceVpcEndpointAwsService.LAMBDA]];
    if (onDemand) interfaces.push(['Sts', InterfaceVpcEndpointAwsService.STS]);
    const subnets = { subnets: vpc.isolatedSubnets.slice(0, settings.network.endpointZones) };
    for (const [name, service] of interfaces) {
      const endpoint = new InterfaceVpcEndpoint(this, name, {
        vpc,
        service,
        subnets,
        securityGroups: [group],
        // The rules above name the callers; `open` would let the VPC's whole range in.
        open: false,
        privateDnsEnabled: true,
      });
      for (const statement of name === 'Lambda' ? invokeOnly(settings.stage, onDemand) : assumeOnly())
        endpoint.addToPolicy(statement);
    }
  }
}

/** Through here nobody's data but this account's own, and only what the functions in the VPC do with it. */
const ownAccountOnly = (actions: string[]): PolicyStatement =>
  new PolicyStatement({
    principals: [new AnyPrincipal()],
    actions,
    resources: ['*'],
    conditions: { StringEquals: { 'aws:ResourceAccount': Aws.ACCOUNT_ID } },
  });

/** What the functions in the VPC call; provisioned pollers come another way, and the others call from outside. */
const calledFromVpc = functionNames.filter((callee) =>
  Object.values(catalogue).some(({ inVpc, invokes = [] }) => inVpc && invokes.includes(callee)),
);

function invokeOnly(stage: string, onDemand: boolean): PolicyStatement[] {
  const ours = new PolicyStatement({
    principals: [new AnyPrincipal()],
    actions: ['lambda:InvokeFunction'],
    resources: calledFromVpc.map((name) => functionArn(stage, name)),
  });
  // What AWS asks for the pollers, word for word: principal lambda.amazonaws.com, every resource.
  const pollers = new PolicyStatement({
    principals: [new ServicePrincipal('lambda.amazonaws.com')],
    actions: ['lambda:InvokeFunction'],
    resources: ['*'],
  });
  return onDemand ? [ours, pollers] : [ours];
}

const assumeOnly = (): PolicyStatement[] => [
  new PolicyStatement({
    principals: [new ServicePrincipal('lambda.amazonaws.com')],
    actions: ['sts:AssumeRole'],
    resources: ['*'],
  }),
];
