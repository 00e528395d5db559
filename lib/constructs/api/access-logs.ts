import { Aws, Fn, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat, CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { type IAccessLogSettings, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, LogGroupClass } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StageSettings } from '../../settings/schema.ts';

/**
 * A log group for one API's access log, one JSON object a line; never a cookie, a token or a body. People search it after a fault,
 * and nothing counts its lines (metric filters are refused there), so it is of the class that takes logs in for half the price. The
 * class of a group can never be changed: whoever does so changes the name as well.
 */
export function accessLog(
  scope: Construct,
  api: 'http' | 'ws',
  settings: StageSettings,
  fields: Readonly<Record<string, string>>,
): IAccessLogSettings {
  const logGroup = new LogGroup(scope, 'AccessLog', {
    logGroupName: groupName(settings.stage, api),
    logGroupClass: LogGroupClass.INFREQUENT_ACCESS,
    retention: settings.logRetentionDays,
    removalPolicy: settings.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  return { destination: new LogGroupLogDestination(logGroup), format: AccessLogFormat.custom(JSON.stringify(fields)) };
}

/**
 * HTTP APIs write to a group by a statement in a resource policy of the account, and a Region has ten policies of 5,120 characters.
 * Before they are full CloudWatch lets in all groups under this prefix at once; others are refused. The id of the stack is in the name
 * because the group of a stage that keeps data outlives its stack, and the next one needs a name too.
 */
const groupName = (stage: string, api: string): string =>
  `/aws/vendedlogs/switchboard-${stage}-${api}-${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`;

/**
 * The role by which API Gateway writes WebSocket logs. It belongs to the account and Region, not to an API, and others may rely on
 * it once it is set: it stays when the stack goes.
 */
export class AccountLogsRole extends Construct {
  readonly account: CfnAccount;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs')],
    });
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn });
    this.account.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
}
