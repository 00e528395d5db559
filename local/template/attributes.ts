import { createHash } from 'node:crypto';
import { list, object, text } from './json.ts';
import type { Attributes, Resolver, Resource } from './resolver.ts';

/** What the parts of the runtime tell the template about themselves. */
export interface Surroundings {
  /** Addresses in place of MSK's bootstrap broker strings. */
  readonly kafkaBrokers: string;
  /** UUID in the ARN of the cluster: the incarnation of the broker. */
  readonly kafkaIncarnation: string;
  /** Values of SSM parameters that no stack declares, by name. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** The property that gives a resource its name, where it has one. */
const nameProperties: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::Stage': 'StageName',
  'AWS::CloudFront::Function': 'Name',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Events::Rule': 'Name',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::MSK::Cluster': 'ClusterName',
  'AWS::MSK::ServerlessCluster': 'ClusterName',
  'AWS::MSK::Topic': 'TopicName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SSM::Parameter': 'Name',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::Scheduler::Schedule': 'Name',
};

/** Service and resource part of the ARN; `{}` is the name. */
const arns: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::GlobalTable': 'dynamodb:table/{}',
  'AWS::DynamoDB::Table': 'dynamodb:table/{}',
  'AWS::Events::Rule': 'events:rule/{}',
  'AWS::Lambda::Function': 'lambda:function:{}',
  'AWS::Logs::LogGroup': 'logs:log-group:{}',
  'AWS::SecretsManager::Secret': 'secretsmanager:secret:{}',
  'AWS::SQS::Queue': 'sqs:{}',
  'AWS::SSM::Parameter': 'ssm:parameter/{}',
};

/** Ten characters that stay the same for a resource, like the ids that AWS gives out. */
export function stableId({ stack, logicalId }: Resource): string {
  const digest = createHash('sha256').update(`${stack.stackName}/${logicalId}`).digest();
  return Array.from(digest.subarray(0, 10), (byte) => 'abcdefghijklmnopqrstuvwxyz0123456789'[byte % 36]).join('');
}

export function apiDomain(resource: Resource): string {
  return `${stableId(resource)}.execute-api.${resource.stack.region}.amazonaws.com`;
}

export function distributionDomain(resource: Resource): string {
  return `d${stableId(resource)}.cloudfront.net`;
}

/** What `Ref` and `Fn::GetAtt` of each resource type give offline. */
export function createAttributes(surroundings: Surroundings): (resolver: Resolver) => Attributes {
  return (resolver) => {
    const nameOf = (resource: Resource): string => {
      const property = nameProperties[resource.type];
      const given =
        property === undefined ? undefined : resolver.resolve(resource.properties[property], resource.stack);
      return text(given) ?? generatedName(resource);
    };
    const arnOf = (resource: Resource): string => {
      const { region, accountId } = resource.stack;
      if (resource.type === 'AWS::S3::Bucket') return `arn:aws:s3:::${nameOf(resource)}`;
      if (resource.type === 'AWS::IAM::Role') return `arn:aws:iam::${accountId}:role/${nameOf(resource)}`;
      if (resource.type.startsWith('AWS::MSK::') && resource.type.endsWith('Cluster')) {
        return `arn:aws:kafka:${region}:${accountId}:cluster/${nameOf(resource)}/${surroundings.kafkaIncarnation}`;
      }
      if (resource.type === 'AWS::CloudFront::Function')
        return `arn:aws:cloudfront::${accountId}:function/${nameOf(resource)}`;
      const [service, rest] = (arns[resource.type] ?? 'offline:{}').split(/:(.*)/s);
      return `arn:aws:${service}:${region}:${accountId}:${rest?.replace('{}', nameOf(resource))}`;
    };
    return {
      parameter: (name) => surroundings.parameters?.[name],
      ref: (resource) => {
        switch (resource.type) {
          case 'AWS::ApiGatewayV2::Api':
            return stableId(resource);
          case 'AWS::MSK::Cluster':
          case 'AWS::MSK::ServerlessCluster':
          case 'AWS::SecretsManager::Secret':
            return arnOf(resource);
          case 'AWS::Lambda::Alias':
          case 'AWS::Lambda::Version':
            return qualifiedArn(resource, resolver);
          case 'AWS::ApiGatewayV2::Integration':
          case 'AWS::ApiGatewayV2::Route':
          case 'AWS::CloudFront::OriginAccessControl':
          case 'AWS::CloudFront::ResponseHeadersPolicy':
          case 'AWS::CloudFront::OriginRequestPolicy':
          case 'AWS::CloudFront::CachePolicy':
            return resource.logicalId;
          case 'AWS::CloudFront::Distribution':
            return `E${stableId(resource).toUpperCase()}`;
          default:
            return nameOf(resource);
        }
      },
      getAtt: (resource, attribute) => {
        if (resource.type.startsWith('Custom::')) return customAttribute(resource, attribute, resolver, surroundings);
        switch (`${resource.type}.${attribute}`) {
          case 'AWS::ApiGatewayV2::Api.ApiEndpoint': {
            const scheme = resource.properties.ProtocolType === 'WEBSOCKET' ? 'wss' : 'https';
            return `${scheme}://${apiDomain(resource)}`;
          }
          case 'AWS::ApiGatewayV2::Api.ApiId':
            return stableId(resource);
          case 'AWS::CloudFront::Distribution.DomainName':
            return distributionDomain(resource);
          case 'AWS::CloudFront::Distribution.Id':
            return `E${stableId(resource).toUpperCase()}`;
          case 'AWS::CloudFront::OriginRequestPolicy.Id':
          case 'AWS::CloudFront::ResponseHeadersPolicy.Id':
          case 'AWS::CloudFront::CachePolicy.Id':
          case 'AWS::CloudFront::OriginAccessControl.Id':
            return resource.logicalId;
          case 'AWS::Lambda::Version.Version':
            return '$LATEST';
          case 'AWS::Lambda::Version.FunctionArn':
          case 'AWS::Lambda::Alias.AliasArn':
            return qualifiedArn(resource, resolver);
          case 'AWS::S3::Bucket.DomainName':
            return `${nameOf(resource)}.s3.amazonaws.com`;
          case 'AWS::S3::Bucket.RegionalDomainName':
            return `${nameOf(resource)}.s3.${resource.stack.region}.amazonaws.com`;
          case 'AWS::SSM::Parameter.Value':
            return resolver.resolve(resource.properties.Value, resource.stack);
          default:
            return /arn$/i.test(attribute) ? arnOf(resource) : `offline:${resource.logicalId}.${attribute}`;
        }
      },
    };
  };
}

/** CloudFormation's own form, without its random end: the same at each start. Lambda's limit is 64 characters. */
function generatedName(resource: Resource): string {
  const whole = `${resource.stack.stackName}-${resource.logicalId}`;
  const name = whole.length <= 64 ? whole : `${whole.slice(0, 53)}-${stableId(resource)}`;
  return resource.type === 'AWS::S3::Bucket' ? name.toLowerCase() : name;
}

/** An alias or a version means its function: offline there is only `$LATEST`. */
function qualifiedArn(resource: Resource, resolver: Resolver): string {
  const name = String(resolver.resolve(resource.properties.FunctionName, resource.stack));
  const { region, accountId } = resource.stack;
  return name.startsWith('arn:') ? name : `arn:aws:lambda:${region}:${accountId}:function:${name}`;
}

/** An AwsCustomResource that asks MSK for its bootstrap brokers gets the local ones; any other one gets a placeholder. */
function customAttribute(
  resource: Resource,
  attribute: string,
  resolver: Resolver,
  surroundings: Surroundings,
): string {
  const call = JSON.stringify(resolver.resolve(object(resource.properties).Create ?? '', resource.stack) ?? '');
  const asksForBrokers =
    /getBootstrapBrokers/i.test(call) ||
    list(resource.properties.OutputPaths).some((path) => /BootstrapBroker/.test(String(path)));
  if (asksForBrokers || attribute.startsWith('BootstrapBrokerString')) return surroundings.kafkaBrokers;
  return `offline:${resource.logicalId}.${attribute}`;
}
