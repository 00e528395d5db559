import { functionEnvironment } from './lambda/environment.ts';
import type { Parts } from './parts.ts';
import type { RuntimeOptions } from './runtime-api.ts';
import type { CloudModel, FunctionSpec } from './template/model.ts';

/** Addresses of this runtime: of what functions call, and of the one origin. */
interface Addresses {
  readonly endpointsUrl: string;
  readonly url: string;
}

/** What each function finds in its environment in this runtime; asked again for every new sandbox. */
export function functionEnvironments(
  options: RuntimeOptions,
  model: CloudModel,
  parts: Parts,
  at: Addresses,
): (spec: FunctionSpec) => Record<string, string> {
  const addresses = localAddresses(model, at);
  const baseUrl = options.openAiBaseUrl ?? parts.demoModel?.baseUrl;
  const openAi = {
    // A local server wants none, and the SDK does not start without one.
    OPENAI_API_KEY: options.openAiApiKey ?? 'offline',
    ...(baseUrl === undefined ? {} : { OPENAI_BASE_URL: baseUrl }),
  };
  const { functionEnvironment: own = () => ({}) } = options;
  return (spec) => ({
    ...functionEnvironment(spec, {
      model,
      addresses,
      overrides: {
        ...options.environment,
        ...(parts.kafka === undefined ? {} : { KAFKA_BROKERS: parts.kafka.brokers }),
        KAFKA_AUTH: 'none',
        ...(parts.demoModel === undefined ? {} : { OPENAI_MODEL: 'demo' }),
      },
      companions: [{ name: 'OPENAI_MODEL', variables: openAi }],
      everywhere: {
        // Whatever else a function calls must not leave this machine.
        AWS_ENDPOINT_URL: at.endpointsUrl,
        AWS_ENDPOINT_URL_LAMBDA: at.endpointsUrl,
        ...(parts.dynamodb === undefined ? {} : { AWS_ENDPOINT_URL_DYNAMODB: parts.dynamodb.endpoint }),
      },
    }),
    ...own(spec.name),
  });
}

/** Addresses of the cloud to those that stand for them here. */
function localAddresses(model: CloudModel, { endpointsUrl, url }: Addresses): Map<string, string> {
  const addresses = new Map<string, string>();
  for (const { apiId } of [...model.httpApis, ...model.webSocketApis]) {
    const domain = `${apiId}.execute-api.${model.region}.amazonaws.com`;
    addresses.set(`https://${domain}`, `${endpointsUrl}/execute-api/${apiId}`);
    addresses.set(`wss://${domain}`, `${endpointsUrl.replace('http', 'ws')}/execute-api/${apiId}`);
  }
  for (const { domainName } of model.distributions) addresses.set(`https://${domainName}`, url);
  return addresses;
}
