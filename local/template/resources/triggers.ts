import { flag, list, number, object, text } from '../json.ts';
import type { KafkaEventSourceSpec, ScheduleSpec } from '../model.ts';
import type { Resolver, Resource } from '../resolver.ts';
import { functionName, functionTargets } from './functions.ts';

export function readEventSource(
  resource: Resource,
  resolver: Resolver,
): KafkaEventSourceSpec | { readonly reason: string } {
  const properties = resolver.properties(resource);
  const topic = text(list(properties.Topics)[0]);
  if (topic === undefined) return { reason: 'only Kafka event sources run offline' };
  const managed = object(properties.AmazonManagedKafkaEventSourceConfig);
  const selfManaged = object(properties.SelfManagedKafkaEventSourceConfig);
  const destination = text(object(object(properties.DestinationConfig).OnFailure).Destination);
  const onFailureTopic = destination?.startsWith('kafka://') ? destination.slice('kafka://'.length) : undefined;
  return {
    logicalId: resource.logicalId,
    functionName: functionName(String(properties.FunctionName)),
    topic,
    consumerGroupId: text(managed.ConsumerGroupId) ?? text(selfManaged.ConsumerGroupId) ?? resource.logicalId,
    clusterArn: text(properties.EventSourceArn) ?? '',
    batchSize: number(properties.BatchSize) ?? 100,
    batchingWindowSeconds: number(properties.MaximumBatchingWindowInSeconds) ?? 0.5,
    startingPosition: properties.StartingPosition === 'LATEST' ? 'LATEST' : 'TRIM_HORIZON',
    maximumRetryAttempts: number(properties.MaximumRetryAttempts) ?? -1,
    maximumRecordAgeSeconds: number(properties.MaximumRecordAgeInSeconds) ?? -1,
    bisectBatchOnFunctionError: flag(properties.BisectBatchOnFunctionError) ?? false,
    reportBatchItemFailures: list(properties.FunctionResponseTypes).includes('ReportBatchItemFailures'),
    ...(onFailureTopic === undefined ? {} : { onFailureTopic }),
    enabled: flag(properties.Enabled) ?? true,
  };
}

/** An EventBridge rule with a schedule, or an EventBridge Scheduler schedule: one spec per function it calls. */
export function readSchedules(resource: Resource, resolver: Resolver): ScheduleSpec[] {
  const properties = resolver.properties(resource);
  const expression = text(properties.ScheduleExpression);
  if (expression === undefined) return [];
  const targets = functionTargets(resource.type === 'AWS::Events::Rule' ? properties.Targets : properties.Target);
  return targets.map(({ name, input }) => ({
    logicalId: resource.logicalId,
    expression,
    functionName: name,
    ...(typeof input === 'string' ? { input: parsed(input) } : {}),
    enabled: properties.State !== 'DISABLED',
  }));
}

function parsed(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    return input;
  }
}
