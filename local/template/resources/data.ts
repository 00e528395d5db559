import { list, number, object, text, texts } from '../json.ts';
import type { TableSpec, TopicSpec } from '../model.ts';
import type { Resolver, Resource } from '../resolver.ts';

export function readTable(resource: Resource, resolver: Resolver): TableSpec {
  const properties = resolver.properties(resource);
  const ttl = object(properties.TimeToLiveSpecification);
  const ttlAttribute = ttl.Enabled === false || ttl.Enabled === 'false' ? undefined : text(ttl.AttributeName);
  return {
    name: String(resolver.resolve({ Ref: resource.logicalId }, resource.stack)),
    logicalId: resource.logicalId,
    keySchema: list(properties.KeySchema) as TableSpec['keySchema'],
    attributeDefinitions: list(properties.AttributeDefinitions) as TableSpec['attributeDefinitions'],
    globalSecondaryIndexes: list(properties.GlobalSecondaryIndexes).map(object),
    ...(ttlAttribute === undefined ? {} : { ttlAttribute }),
  };
}

export function readTopic(resource: Resource, resolver: Resolver): TopicSpec {
  const properties = resolver.properties(resource);
  return {
    name: String(properties.TopicName),
    partitions: number(properties.PartitionCount) ?? 1,
    replicationFactor: number(properties.ReplicationFactor) ?? 1,
    configs: readConfigs(properties.Configs),
  };
}

/** MSK takes a topic's settings as base64 of `key=value` lines. */
function readConfigs(configs: unknown): Record<string, string> {
  if (typeof configs !== 'string') return texts(configs);
  const lines = Buffer.from(configs, 'base64').toString('utf8').split('\n');
  return Object.fromEntries(lines.flatMap((line) => (line.includes('=') ? [split(line)] : [])));
}

function split(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}
