import { readAssembly } from './assembly.ts';
import { createAttributes, type Surroundings } from './attributes.ts';
import type {
  BucketSpec,
  CloudModel,
  DistributionSpec,
  FunctionSpec,
  HttpApiSpec,
  KafkaEventSourceSpec,
  ScheduleSpec,
  TableSpec,
  TopicSpec,
  WebSocketApiSpec,
} from './model.ts';
import { Resolver, type Resource } from './resolver.ts';
import { readApi } from './resources/apis.ts';
import { readBucket } from './resources/buckets.ts';
import { readTable, readTopic } from './resources/data.ts';
import { readDistribution } from './resources/distributions.ts';
import { deploymentProviders, readAsyncSpecs, readFunction } from './resources/functions.ts';
import { readEventSource, readSchedules } from './resources/triggers.ts';
import { reasonToIgnore, servedElsewhere } from './resources/without-meaning.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] };

/**
 * Reads the cloud assembly in `dir`. Pure and quick (milliseconds), so it is read once for topics and tables, and again
 * when the broker has told its addresses and incarnation.
 */
export function readModel(dir: string, surroundings: Surroundings): CloudModel {
  const assembly = readAssembly(dir);
  const resolver = new Resolver(assembly.stacks, createAttributes(surroundings));
  const providers = deploymentProviders(resolver);
  const asyncSpecs = readAsyncSpecs(resolver);
  const ignored: Mutable<CloudModel>['ignored'] = [];
  const ignore = (resource: Resource, reason: string): void => {
    ignored.push({ logicalId: resource.logicalId, type: resource.type, reason });
  };

  const functions: FunctionSpec[] = [];
  const tables: TableSpec[] = [];
  const topics: TopicSpec[] = [];
  const eventSources: KafkaEventSourceSpec[] = [];
  const schedules: ScheduleSpec[] = [];
  const httpApis: HttpApiSpec[] = [];
  const webSocketApis: WebSocketApiSpec[] = [];
  const buckets: BucketSpec[] = [];
  const distributions: DistributionSpec[] = [];

  const read = (resource: Resource): void => {
    switch (resource.type) {
      case 'AWS::Lambda::Function': {
        if (providers.has(String(resolver.resolve({ Ref: resource.logicalId }, resource.stack)))) {
          ignore(resource, 'only serves deployments');
          return;
        }
        const spec = readFunction(resource, resolver, assembly, asyncSpecs);
        if ('reason' in spec) ignore(resource, spec.reason);
        else functions.push(spec);
        return;
      }
      case 'AWS::DynamoDB::Table':
      case 'AWS::DynamoDB::GlobalTable':
        tables.push(readTable(resource, resolver));
        return;
      case 'AWS::MSK::Topic':
        topics.push(readTopic(resource, resolver));
        return;
      case 'AWS::Lambda::EventSourceMapping': {
        const spec = readEventSource(resource, resolver);
        if ('reason' in spec) ignore(resource, spec.reason);
        else eventSources.push(spec);
        return;
      }
      case 'AWS::Events::Rule':
      case 'AWS::Scheduler::Schedule': {
        const specs = readSchedules(resource, resolver);
        if (specs.length === 0) ignore(resource, 'neither a schedule nor a function to call');
        schedules.push(...specs);
        return;
      }
      case 'AWS::ApiGatewayV2::Api': {
        const api = readApi(resource, resolver);
        if ('http' in api) httpApis.push(api.http);
        else webSocketApis.push(api.webSocket);
        return;
      }
      case 'AWS::S3::Bucket':
        buckets.push(readBucket(resource, resolver, assembly));
        return;
      default:
        if (!servedElsewhere(resource.type)) ignore(resource, reasonToIgnore(resource.type));
    }
  };

  const resources = resolver.resources();
  for (const resource of resources) read(resource);
  for (const resource of resources) {
    if (resource.type !== 'AWS::CloudFront::Distribution') continue;
    distributions.push(readDistribution(resource, resolver, { buckets, httpApis, webSocketApis }));
  }
  const [first] = assembly.stacks;
  return {
    region: first?.region ?? 'us-east-1',
    accountId: first?.accountId ?? '123456789012',
    functions,
    tables,
    topics,
    eventSources,
    httpApis,
    webSocketApis,
    schedules,
    distributions,
    buckets,
    ignored,
  };
}
