/** Types that another resource's reader takes in: a route with its API, a deployment with its bucket. */
const elsewhere = new Set([
  'AWS::ApiGatewayV2::Deployment',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::RouteResponse',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudFront::Distribution',
  'AWS::CloudFront::Function',
  'AWS::CloudFront::ResponseHeadersPolicy',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Version',
  'AWS::MSK::Cluster',
  'AWS::SQS::Queue',
  'AWS::SSM::Parameter',
  'Custom::AWS',
  'Custom::CDKBucketDeployment',
]);

/** By the beginning of the type; the first that fits. */
const reasons: readonly (readonly [prefix: string, reason: string])[] = [
  ['AWS::ApiGatewayV2::Authorizer', 'authorizers do not run offline'],
  ['AWS::CDK::', 'tells of the CDK only'],
  ['AWS::CloudFront::', 'policies of caching and origin access have no counterpart offline'],
  ['AWS::CloudWatch::', 'there is no monitoring offline'],
  ['AWS::EC2::', 'there is one network, the loopback'],
  ['AWS::IAM::', 'permissions are not checked offline'],
  ['AWS::KMS::', 'nothing is encrypted offline'],
  ['AWS::Lambda::Layer', 'layers are not loaded offline'],
  ['AWS::Lambda::Permission', 'permissions are not checked offline'],
  ['AWS::Logs::', 'logs go to the terminal'],
  ['AWS::MSK::', 'the broker is configured by its own settings'],
  ['AWS::S3::BucketPolicy', 'permissions are not checked offline'],
  ['AWS::SQS::QueuePolicy', 'permissions are not checked offline'],
  ['AWS::SNS::', 'there is nobody to notify offline'],
  ['AWS::SecretsManager::', 'secrets come from the environment'],
  ['AWS::WAF', 'there is no firewall offline'],
  ['Custom::', 'a custom resource runs at deployment only'],
];

export function servedElsewhere(type: string): boolean {
  return elsewhere.has(type);
}

export function reasonToIgnore(type: string): string {
  return reasons.find(([prefix]) => type.startsWith(prefix))?.[1] ?? 'unknown to the offline runtime';
}
