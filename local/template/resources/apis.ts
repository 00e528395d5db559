import { list, number, object, text } from '../json.ts';
import type { HttpApiSpec, RouteSpec, WebSocketApiSpec } from '../model.ts';
import type { Resolver, Resource } from '../resolver.ts';
import { functionName } from './functions.ts';

/** Time-outs of integrations when the template names none: 30 s for an HTTP API, 29 s for a WebSocket API. */
const defaultTimeoutMs = { HTTP: 30_000, WEBSOCKET: 29_000 };

interface Found {
  readonly resource: Resource;
  readonly properties: ReturnType<Resolver['properties']>;
}

/** All resources of the kind `AWS::ApiGatewayV2::<kind>` that belong to the API. */
function childrenOf(api: Resource, kind: string, resolver: Resolver): Found[] {
  const id = resolver.resolve({ Ref: api.logicalId }, api.stack);
  return resolver
    .resources()
    .filter(({ type }) => type === `AWS::ApiGatewayV2::${kind}`)
    .map((resource) => ({ resource, properties: resolver.properties(resource) }))
    .filter(({ properties }) => properties.ApiId === id);
}

function readRoutes(
  api: Resource,
  resolver: Resolver,
  protocol: 'HTTP' | 'WEBSOCKET',
): (RouteSpec & { readonly returnResponse: boolean })[] {
  const integrations = new Map(
    childrenOf(api, 'Integration', resolver).map((found) => [found.resource.logicalId, found.properties]),
  );
  const responses = childrenOf(api, 'RouteResponse', resolver).map(({ properties }) => properties.RouteId);
  return childrenOf(api, 'Route', resolver).flatMap(({ resource, properties }) => {
    const [, target] = /^integrations\/(.+)$/.exec(text(properties.Target) ?? '') ?? [];
    const integration = integrations.get(target ?? '');
    const uri = text(integration?.IntegrationUri);
    if (integration === undefined || uri === undefined || !uri.includes(':function:')) return [];
    return [
      {
        routeKey: String(properties.RouteKey),
        functionName: functionName(uri),
        timeoutMs: number(integration.TimeoutInMillis) ?? defaultTimeoutMs[protocol],
        returnResponse:
          properties.RouteResponseSelectionExpression === '$default' && responses.includes(resource.logicalId),
      },
    ];
  });
}

function stageOf(api: Resource, resolver: Resolver): string {
  return text(childrenOf(api, 'Stage', resolver)[0]?.properties.StageName) ?? '$default';
}

export function readApi(
  resource: Resource,
  resolver: Resolver,
): { http: HttpApiSpec } | { webSocket: WebSocketApiSpec } {
  const properties = resolver.properties(resource);
  const apiId = String(resolver.resolve({ Ref: resource.logicalId }, resource.stack));
  const stage = stageOf(resource, resolver);
  if (properties.ProtocolType !== 'WEBSOCKET') {
    const routes = readRoutes(resource, resolver, 'HTTP').map(({ returnResponse: _, ...route }) => route);
    return { http: { apiId, stage, routes } };
  }
  return {
    webSocket: {
      apiId,
      stage,
      routeSelectionExpression: text(properties.RouteSelectionExpression) ?? '$request.body.action',
      routes: readRoutes(resource, resolver, 'WEBSOCKET'),
    },
  };
}

/** Headers that an origin adds to its requests. */
export function originHeaders(origin: unknown): Record<string, string> {
  return Object.fromEntries(
    list(object(origin).OriginCustomHeaders).map((header) => [
      String(object(header).HeaderName).toLowerCase(),
      String(object(header).HeaderValue),
    ]),
  );
}
