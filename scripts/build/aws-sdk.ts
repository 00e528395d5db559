import { instead, patch } from './patch.ts';

/** Lambda hands credentials over in the environment; the chain of other providers is 120 KiB and 10 ms of import. */
const environmentCredentials = patch({
  name: 'aws-environment-credentials',
  file: /credential-provider-node[/\\]dist-es[/\\]index\.js$/,
  change: instead('defaultProvider', "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';"),
});

/** Errors that somebody tells apart, or that are retried by their class; others have their name, message and status. */
const keptErrors = new Set([
  'ConditionalCheckFailedException',
  'GoneException',
  'InternalServerError',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ResourceNotFoundException',
  'ServiceException',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/**
 * What a client knows of its service stays in the bundle whole, because keys like `[_h]` may have effects for all that
 * esbuild knows, and because a registry names every error: of Lambda's API 60 KiB for one operation. With the keys
 * written out, and the registry of what is needed, esbuild leaves the rest out by itself.
 */
const usedSchemas = patch({
  name: 'aws-used-schemas',
  file: /@aws-sdk[/\\]client-[\w-]+[/\\]dist-es[/\\]schemas[/\\]schemas_0\.js$/,
  change(source, fail) {
    const texts = new Map([...source.matchAll(/^const (_\w+) = ("[^"]*");$/gm)].map(([, name, text]) => [name, text]));
    if (texts.size === 0) fail('constants for its keys');
    if (!source.includes('.registerError(')) fail('a registry of errors');
    return source
      .replaceAll(/\[(_\w+)\]:/g, (found, name: string) => (texts.has(name) ? `${texts.get(name)}:` : found))
      .replaceAll(/^n0_registry\.registerError\(\w+\$, (\w+)\);$/gm, (found, name: string) =>
        keptErrors.has(name) ? found : '',
      );
  },
});

/** Nothing here streams events to or from a service: 20 KiB. */
const eventStreams = patch({
  name: 'aws-event-streams',
  file: /@smithy[/\\]core[/\\]dist-es[/\\]submodules[/\\]event-streams[/\\]index\.js$/,
  change: instead(
    'resolveEventStreamSerdeConfig',
    `export const resolveEventStreamSerdeConfig = (config) => config;
export const eventStreamSerdeProvider = () => ({});
export class EventStreamSerde { constructor() { throw new Error('event streams are not in this bundle'); } }`,
  ),
});

/** DynamoDB's discovery of endpoints was for one closed service (Timestream) and is off by default: 8 KiB of caches. */
const endpointCache = patch({
  name: 'aws-endpoint-cache',
  file: /endpoint-cache[/\\]dist-es[/\\]EndpointCache\.js$/,
  change: instead('export class EndpointCache', 'export class EndpointCache {}'),
});

/** Of its package.json a client needs the version, for the user agent. */
const versionOnly = patch({
  name: 'aws-package-json',
  file: /@aws-sdk[/\\]client-[\w-]+[/\\]package\.json$/,
  change(source) {
    const { version } = JSON.parse(source) as { version: string };
    return `export default { version: ${JSON.stringify(version)} };`;
  },
});

export const awsSdkPlugins = [environmentCredentials, usedSchemas, eventStreams, endpointCache, versionOnly];
