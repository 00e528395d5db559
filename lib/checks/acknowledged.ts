import { CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import type { StageStacks } from '../app.ts';
import { catalogue, type FunctionPlan } from '../functions/catalogue.ts';
import { functionNames } from '../functions/names.ts';
import type { StageSettings } from '../settings/schema.ts';
import { acknowledge, each, written } from './acknowledge.ts';

const awsPolicy = 'arn:<AWS::Partition>:iam::aws:policy/service-role';
/** CDK's function for all of a stack's calls of AWS during a deployment, by the name that CDK gives it in every stack. */
const sdkCaller = 'AWS679f53fac002430cb0da5b7982bd2287';

/**
 * Every finding of cdk-nag's AwsSolutions pack that stands, and why: on the resource it is about and nowhere else, for one on a
 * construct or a stack would also cover what is put there later.
 */
export function acknowledgeFindings({ network, data, service }: StageStacks, settings: StageSettings): void {
  const { site, webSocketLogs, keepData, model } = settings;
  const { connections, sessions, memory } = data.tables.byName;

  acknowledge(
    each(CfnPolicy, network.prefixList),
    'IAM5[Resource::*]',
    'ec2:DescribeManagedPrefixLists knows no resources; the role is used by one call during a deployment.',
  );
  acknowledge(
    each(CfnRole, network).filter((role) => role.node.path.includes(sdkCaller)),
    `IAM4[Policy::${awsPolicy}/AWSLambdaBasicExecutionRole]`,
    'The function behind CDK custom resources is made by CDK; the policy lets it write logs and nothing else.',
  );

  acknowledge(
    each(CfnTable, ...(keepData ? [connections] : [connections, sessions, memory])),
    'DDB3',
    'Connections last two hours; a stage that does not keep data has nothing to restore.',
  );
  if (model.secretArn === undefined)
    acknowledge(
      each(CfnSecret, data.modelSecret),
      'SMG4',
      "The model provider's key is made and replaced at the provider: docs/operations.md.",
    );
  if (!site.accessLogs)
    acknowledge(each(CfnBucket, data.site.bucket), 'S1', 'The page is public; a log bucket would outlive the stage.');

  const routes = (api: IConstruct, ...keys: string[]): CfnRoute[] =>
    each(CfnRoute, api).filter(({ routeKey }) => keys.includes(routeKey));
  acknowledge(
    routes(service.socketApi, '$connect'),
    'APIG4',
    'The function authenticates by cookie or bearer token, and checks Origin.',
  );
  acknowledge(
    routes(service.socketApi, '$disconnect', '$default', 'resume'),
    'APIG4',
    'Comes over a connection only, which was authenticated when it was opened.',
  );
  acknowledge(
    routes(service.httpApi, 'ANY /api/{proxy+}', 'POST /api/sessions/{session_id}/messages'),
    'APIG4',
    'The functions authenticate: the first call of a guest comes without credentials.',
  );
  if (webSocketLogs === 'off')
    acknowledge(each(CfnStage, service.socketApi), 'APIG1', 'Switched off by the setting webSocketLogs.');
  if (webSocketLogs === 'create')
    acknowledge(
      each(CfnRole, service.socketApi),
      `IAM4[Policy::${awsPolicy}/AmazonAPIGatewayPushToCloudWatchLogs]`,
      "API Gateway's own policy for its one role per account; AWS asks for exactly this one.",
    );

  const roles = (of: (plan: FunctionPlan) => boolean): CfnRole[] =>
    functionNames
      .filter((name) => of(catalogue[name]))
      .flatMap((name) => each(CfnRole, service.functions.byName[name].role));
  acknowledge(
    roles(({ inVpc, consumes }) => inVpc || consumes !== undefined),
    'IAM5[Resource::*]',
    "Lambda's network interfaces: these EC2 actions cannot be bound to resources that do not exist yet; the code is denied them.",
  );
  for (const method of ['POST', 'DELETE'] as const)
    acknowledge(
      roles(({ posts = [] }) => posts.includes(method)),
      `IAM5[Resource::${written(service, `${service.socketApi.stageArn}/${method}/@connections/*`)}]`,
      'A connection has its id only once it is open; the stage and the method are named.',
    );
  acknowledge(
    each(CfnQueue, service.lostEvents),
    'SQS3',
    'It is what a dead-letter queue would be: nobody receives from it but people.',
  );
  acknowledge(
    each(CfnSecret, service.originSecrets),
    'SMG4',
    'CloudFront and the functions must change together: docs/operations.md.',
  );

  const distribution = each(CfnDistribution, service.site);
  acknowledge(distribution, 'CFR1', 'Open to every country on purpose.');
  if (site.webAclArn === undefined)
    acknowledge(distribution, 'CFR2', 'Set site.webAclArn for a web ACL; stages are throttled without one as well.');
  if (site.domain === undefined)
    acknowledge(distribution, 'CFR4', "CloudFront's own certificate fixes the policy; with site.domain it is TLS 1.2.");
  if (!site.accessLogs)
    acknowledge(distribution, 'CFR3', 'A log bucket would outlive the stage; the APIs log every call.');
  acknowledge(
    each(CfnRole, service.page),
    `IAM5[Resource::${written(service, service.siteBucket.arnForObjects('*'))}]`,
    "The names of the files are the build's; the bucket holds nothing but the page.",
  );
  acknowledge(
    each(CfnFunction, service).filter(({ node: { path } }) => path.includes('Custom::CDKBucketDeployment')),
    'L1',
    'The function that copies the page is made by CDK, with the runtime CDK tests it on.',
  );
}
