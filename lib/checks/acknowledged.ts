import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { StageStacks } from '../app.ts';
import type { StageSettings } from '../settings/schema.ts';

/** Every finding of cdk-nag's AwsSolutions pack that stands, where it stands, and why. */
export function acknowledgeFindings({ network, data, service }: StageStacks, settings: StageSettings): void {
  const acknowledge = (scope: IConstruct, id: string, reason: string): void =>
    Validations.of(scope).acknowledge({ id: `AwsSolutions-${id}`, reason });
  const { site, webSocketLogs, keepData } = settings;

  acknowledge(
    network.prefixList,
    'IAM5[Resource::*]',
    'ec2:DescribeManagedPrefixLists knows no resources; the role is used by one call during a deployment.',
  );
  for (const provider of [...madeByCdk(network), ...madeByCdk(data)])
    acknowledge(
      provider,
      `IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]`,
      'The function behind CDK custom resources is made by CDK; the policy lets it write logs and nothing else.',
    );

  const tables = data.tables.byName;
  for (const table of keepData ? [tables.connections] : Object.values(tables))
    acknowledge(table, 'DDB3', 'Connections last two hours; a stage that does not keep data has nothing to restore.');
  acknowledge(data, 'SMG4', "The model provider's key is made and replaced at the provider: docs/operations.md.");
  if (!site.accessLogs) acknowledge(data, 'S1', 'The page is public; a log bucket would outlive the stage.');

  acknowledge(
    service.socketApi,
    'APIG4',
    'The $connect function authenticates by cookie or bearer token and checks Origin; the other routes need its connection.',
  );
  acknowledge(
    service.httpApi,
    'APIG4',
    'The functions authenticate: the first call of a guest comes without credentials.',
  );
  if (webSocketLogs === 'off') acknowledge(service.socketApi, 'APIG1', 'Switched off by the setting webSocketLogs.');
  if (webSocketLogs === 'create')
    acknowledge(
      service.socketApi,
      'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      "API Gateway's own policy for its one role per account; AWS asks for exactly this one.",
    );
  acknowledge(
    service.functions,
    'IAM5[Resource::*]',
    "Lambda's network interfaces: these EC2 actions cannot be bound to resources that do not exist yet; the code is denied them.",
  );
  for (const method of ['POST', 'DELETE'])
    acknowledge(
      service.functions,
      `IAM5[Resource::${written(service, `${service.socketApi.stageArn}/${method}/@connections/*`)}]`,
      'A connection has its id only once it is open; the stage and the method are named.',
    );
  acknowledge(
    service.lostEvents,
    'SQS3',
    'It is what a dead-letter queue would be: nobody receives from it but people.',
  );
  acknowledge(service.originSecrets, 'SMG4', 'CloudFront and the functions must change together: docs/operations.md.');

  acknowledge(service.site, 'CFR1', 'Open to every country on purpose.');
  if (site.webAclArn === undefined)
    acknowledge(service.site, 'CFR2', 'Set site.webAclArn for a web ACL; stages are throttled without one as well.');
  if (site.domain === undefined)
    acknowledge(service.site, 'CFR4', "CloudFront's own certificate fixes the policy; with site.domain it is TLS 1.2.");
  if (!site.accessLogs)
    acknowledge(service.site, 'CFR3', 'A log bucket would outlive the stage; the APIs log every call.');
  acknowledge(
    service.page,
    `IAM5[Resource::${written(service, service.siteBucket.arnForObjects('*'))}]`,
    "The names of the files are the build's; the bucket holds nothing but the page.",
  );
  for (const copier of madeByCdk(service))
    acknowledge(copier, 'L1', 'The function that copies the page is made by CDK, with the runtime CDK tests it on.');
}

/** The functions that CDK puts into a stack for its custom resources, one of a kind. */
const madeByCdk = (stack: Stack): IConstruct[] =>
  stack.node.children.filter(({ node: { id } }) => id.startsWith('Custom::') || id.startsWith('AWS679f53fac'));

/** An ARN as cdk-nag writes it into the id of a finding: references as `<LogicalId>`, imports by their name. */
function written(scope: IConstruct, value: string): string {
  const flat = (part: unknown): string => {
    if (typeof part === 'string') return part;
    const [[kind, argument] = []] = Object.entries(part ?? {});
    if (kind === 'Ref') return `<${argument}>`;
    if (kind === 'Fn::ImportValue') return String(argument);
    if (kind === 'Fn::Join') return (argument as [string, unknown[]])[1].map(flat).join('');
    throw new Error(`cannot write ${JSON.stringify(part)} as cdk-nag does`);
  };
  return flat(Stack.of(scope).resolve(value));
}
