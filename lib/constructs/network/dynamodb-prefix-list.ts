import { Aws } from 'aws-cdk-lib';
import { Peer, Port } from 'aws-cdk-lib/aws-ec2';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { SdkCall } from '../sdk-call.ts';
import type { PrivateNetwork } from './private-network.ts';

/**
 * Lets the functions' security group out to DynamoDB and to nothing else. Its addresses stand in a list of AWS's own whose id
 * differs by Region and is no attribute of the endpoint, so it is asked for during the deployment.
 */
export class DynamoDbPrefixList extends Construct {
  constructor(scope: Construct, id: string, network: PrivateNetwork, logGroup: ILogGroup) {
    super(scope, id);
    const lookup = new SdkCall(this, 'Lookup', {
      logGroup,
      service: 'EC2',
      action: 'describeManagedPrefixLists',
      parameters: { Filters: [{ Name: 'prefix-list-name', Values: [`com.amazonaws.${Aws.REGION}.dynamodb`] }] },
      outputPath: 'PrefixLists.0.PrefixListId',
      // This action knows no resources.
      permission: { action: 'ec2:DescribeManagedPrefixLists', resource: '*' },
    });
    network.functions.addEgressRule(Peer.prefixList(lookup.value), Port.HTTPS, 'DynamoDB by the gateway endpoint');
  }
}
