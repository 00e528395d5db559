import type { Assembly } from '../assembly.ts';
import { list, text, texts } from '../json.ts';
import type { BucketSourceSpec, BucketSpec } from '../model.ts';
import type { Resolver, Resource } from '../resolver.ts';

/** A bucket with what the `BucketDeployment`s of the assembly put into it, in the order of the template. */
export function readBucket(resource: Resource, resolver: Resolver, assembly: Assembly): BucketSpec {
  const name = String(resolver.resolve({ Ref: resource.logicalId }, resource.stack));
  const sources = resolver
    .resources()
    .filter(({ type }) => type === 'Custom::CDKBucketDeployment')
    .flatMap((deployment) => readSources(resolver.properties(deployment), name, assembly));
  return { name, logicalId: resource.logicalId, sources: sources.reverse() };
}

function readSources(
  properties: ReturnType<Resolver['properties']>,
  bucket: string,
  assembly: Assembly,
): BucketSourceSpec[] {
  if (properties.DestinationBucketName !== bucket) return [];
  return list(properties.SourceObjectKeys).flatMap((key) => {
    const dir = assembly.assets.get(String(key));
    if (dir === undefined) return [];
    return [
      {
        dir,
        prefix: text(properties.DestinationBucketKeyPrefix) ?? '',
        exclude: list(properties.Exclude).map(String),
        include: list(properties.Include).map(String),
        metadata: texts(properties.SystemMetadata),
      },
    ];
  });
}
