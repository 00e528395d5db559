import type { Assembly } from '../assembly.ts';
import { list, number, object, text, texts } from '../json.ts';
import type { AsyncInvokeSpec, FunctionSpec } from '../model.ts';
import type { Resolver, Resource } from '../resolver.ts';

const awsDefaults = { timeoutSeconds: 3, memoryMb: 128, retryAttempts: 2, eventAgeSeconds: 21_600 };

/** Logical names (`stack/id`) of functions that only serve deployments: providers of custom resources. */
export function deploymentProviders(resolver: Resolver): Set<string> {
  const tokens = new Set<string>();
  for (const resource of resolver.resources()) {
    const token = resolver.properties(resource).ServiceToken;
    if (typeof token === 'string') tokens.add(functionName(token));
  }
  return tokens;
}

/** Name of the function that an ARN, an alias' ARN, an API Gateway integration URI or a name means. */
export function functionName(target: string): string {
  const arn = /arn:aws[^:]*:lambda:[^:]*:\d*:function:([^:/]+)/.exec(target);
  return arn?.[1] ?? target.split(':')[0] ?? target;
}

export function readFunction(
  resource: Resource,
  resolver: Resolver,
  assembly: Assembly,
  asyncSpecs: ReadonlyMap<string, AsyncInvokeSpec>,
): FunctionSpec | { readonly reason: string } {
  const properties = resolver.properties(resource);
  if (!String(properties.Runtime).startsWith('nodejs'))
    return { reason: `runtime ${String(properties.Runtime)} does not run offline` };
  const codeDir = assembly.assets.get(String(object(properties.Code).S3Key));
  if (codeDir === undefined) return { reason: 'its code is not an asset of this assembly' };
  const name = String(resolver.resolve({ Ref: resource.logicalId }, resource.stack));
  const reserved = number(properties.ReservedConcurrentExecutions);
  return {
    name,
    arn: `arn:aws:lambda:${resource.stack.region}:${resource.stack.accountId}:function:${name}`,
    logicalId: resource.logicalId,
    codeDir,
    handler: text(properties.Handler) ?? 'index.handler',
    timeoutSeconds: number(properties.Timeout) ?? awsDefaults.timeoutSeconds,
    memoryMb: number(properties.MemorySize) ?? awsDefaults.memoryMb,
    environment: texts(object(properties.Environment).Variables),
    ...(reserved === undefined ? {} : { reservedConcurrency: reserved }),
    async: asyncSpecs.get(name) ?? {
      maximumRetryAttempts: awsDefaults.retryAttempts,
      maximumEventAgeSeconds: awsDefaults.eventAgeSeconds,
    },
    recursiveLoop: properties.RecursiveLoop === 'Allow' ? 'Allow' : 'Terminate',
  };
}

/** `AWS::Lambda::EventInvokeConfig` by function name. */
export function readAsyncSpecs(resolver: Resolver): Map<string, AsyncInvokeSpec> {
  const specs = new Map<string, AsyncInvokeSpec>();
  for (const resource of resolver.resources()) {
    if (resource.type !== 'AWS::Lambda::EventInvokeConfig') continue;
    const properties = resolver.properties(resource);
    const destinations = object(properties.DestinationConfig);
    const onSuccess = text(object(destinations.OnSuccess).Destination);
    const onFailure = text(object(destinations.OnFailure).Destination);
    specs.set(functionName(String(properties.FunctionName)), {
      maximumRetryAttempts: number(properties.MaximumRetryAttempts) ?? awsDefaults.retryAttempts,
      maximumEventAgeSeconds: number(properties.MaximumEventAgeInSeconds) ?? awsDefaults.eventAgeSeconds,
      ...(onSuccess === undefined ? {} : { onSuccess }),
      ...(onFailure === undefined ? {} : { onFailure }),
    });
  }
  return specs;
}

/** Targets of the given list that are functions. */
export function functionTargets(targets: unknown): { name: string; input: unknown }[] {
  return list(targets).flatMap((target) => {
    const arn = text(object(target).Arn);
    if (arn === undefined || !arn.includes(':lambda:')) return [];
    return [{ name: functionName(arn), input: object(target).Input }];
  });
}
