import { distributionDomain } from '../attributes.ts';
import { flag, isObject, type JsonObject, list, number, object, text } from '../json.ts';
import type {
  BehaviorSpec,
  BucketSpec,
  DistributionSpec,
  HttpApiSpec,
  OriginSpec,
  WebSocketApiSpec,
} from '../model.ts';
import type { Resolver, Resource } from '../resolver.ts';
import { originHeaders } from './apis.ts';
import { readHeadersPolicy } from './headers-policies.ts';

/** What an origin's domain name can lead to. */
export interface Origins {
  readonly buckets: readonly BucketSpec[];
  readonly httpApis: readonly HttpApiSpec[];
  readonly webSocketApis: readonly WebSocketApiSpec[];
}

export function readDistribution(resource: Resource, resolver: Resolver, origins: Origins): DistributionSpec {
  const config = object(resolver.properties(resource).DistributionConfig);
  const byId = new Map(
    list(config.Origins).flatMap((origin) => {
      const spec = readOrigin(object(origin), origins);
      return spec === undefined ? [] : [[String(object(origin).Id), spec] as const];
    }),
  );
  const behavior = (value: unknown, pathPattern: string): BehaviorSpec[] => {
    const properties = object(value);
    const origin = byId.get(String(properties.TargetOriginId));
    if (origin === undefined) return [];
    const viewerRequest = edgeFunction(properties, 'viewer-request', resolver);
    const viewerResponse = edgeFunction(properties, 'viewer-response', resolver);
    const policy = readHeadersPolicy(text(properties.ResponseHeadersPolicyId), resolver);
    return [
      {
        pathPattern,
        origin,
        ...(viewerRequest === undefined ? {} : { viewerRequest }),
        ...(viewerResponse === undefined ? {} : { viewerResponse }),
        responseHeaders: policy.headers,
        removedHeaders: policy.removed,
        allowedMethods:
          properties.AllowedMethods === undefined ? ['GET', 'HEAD'] : list(properties.AllowedMethods).map(String),
        forwardsViewer: properties.OriginRequestPolicyId !== undefined || isObject(properties.ForwardedValues),
      },
    ];
  };
  const defaultRootObject = text(config.DefaultRootObject);
  return {
    logicalId: resource.logicalId,
    domainName: distributionDomain(resource),
    ...(defaultRootObject === undefined ? {} : { defaultRootObject }),
    behaviors: [
      ...list(config.CacheBehaviors).flatMap((item) => behavior(item, String(object(item).PathPattern))),
      ...behavior(config.DefaultCacheBehavior, '*'),
    ],
    errorResponses: list(config.CustomErrorResponses).map((response) => {
      const { ErrorCode, ResponseCode, ResponsePagePath } = object(response);
      const responseCode = number(ResponseCode);
      const responsePagePath = text(ResponsePagePath);
      return {
        errorCode: number(ErrorCode) ?? 0,
        ...(responseCode === undefined ? {} : { responseCode }),
        ...(responsePagePath === undefined ? {} : { responsePagePath }),
      };
    }),
  };
}

function readOrigin(origin: JsonObject, { buckets, httpApis, webSocketApis }: Origins): OriginSpec | undefined {
  const domain = text(origin.DomainName) ?? '';
  const path = text(origin.OriginPath) ?? '';
  const [label] = domain.split('.');
  const bucket = buckets.find(({ name }) => domain.startsWith(`${name}.s3`));
  if (bucket !== undefined) return { kind: 'bucket', bucket: bucket.name, path };
  const headers = originHeaders(origin);
  if (httpApis.some(({ apiId }) => apiId === label)) return { kind: 'http-api', apiId: label ?? '', path, headers };
  if (webSocketApis.some(({ apiId }) => apiId === label))
    return { kind: 'websocket-api', apiId: label ?? '', path, headers };
  return undefined;
}

/** Source of the CloudFront Function that the behaviour has on `event`. */
function edgeFunction(behavior: JsonObject, event: string, resolver: Resolver): string | undefined {
  const association = list(behavior.FunctionAssociations).find((item) => object(item).EventType === event);
  const arn = object(association).FunctionARN;
  if (arn === undefined) return undefined;
  const found = resolver
    .resources()
    .filter(({ type }) => type === 'AWS::CloudFront::Function')
    .find(({ stack, logicalId }) => resolver.resolve({ 'Fn::GetAtt': [logicalId, 'FunctionARN'] }, stack) === arn);
  if (found === undefined) return undefined;
  const properties = resolver.properties(found);
  return flag(properties.AutoPublish) === false ? undefined : text(properties.FunctionCode);
}
