import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { incoming, reply } from './front-door/serve.ts';
import type { HttpApi } from './gateway/http-api/http-api.ts';
import { handleConnections } from './gateway/websocket/connections-api.ts';
import { refuseHandshake } from './gateway/websocket/refuse-handshake.ts';
import type { WebSocketApi } from './gateway/websocket/websocket-api.ts';
import { fieldsOf, type HttpRequest, json, withoutHeaders } from './http/message.ts';
import { serveInvoke } from './lambda/api/invoke-route.ts';
import type { Lambda } from './lambda/lambda.ts';

/** What stands behind AWS's service addresses; set when everything is up. */
export interface Services {
  readonly lambda: Lambda;
  readonly httpApis: ReadonlyMap<string, HttpApi>;
  readonly webSocketApis: ReadonlyMap<string, WebSocketApi>;
}

const apiPath = /^\/execute-api\/([^/?]+)(\/[^?]*)?(\?.*)?$/s;

/**
 * The addresses that functions call, on a port of their own that no browser knows: Lambda's API, and each API Gateway
 * API as `/execute-api/{apiId}` in the place of `https://{apiId}.execute-api.{region}.amazonaws.com`.
 */
export function createEndpoints(services: () => Services | undefined): Server {
  const server = createServer((request, response) => {
    void serve(request, response, services()).catch(() =>
      reply(request, response, json(500, { message: 'Internal Server Error' })),
    );
  });
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const target = apiRequest(request);
    const api = services()?.webSocketApis.get(target?.apiId ?? '');
    if (target === undefined || api === undefined) return refuseHandshake(stream, 403);
    const headers = withoutHeaders(fieldsOf(request.rawHeaders), ['host']);
    const sourceIp = request.socket.remoteAddress ?? '127.0.0.1';
    void api.handshake(request, stream, head, { path: target.path, query: target.query, headers, sourceIp });
  });
  return server;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  services: Services | undefined,
): Promise<void> {
  if (services === undefined) return reply(request, response, json(503, { message: 'Service Unavailable' }));
  if (await serveInvoke(request, response, services.lambda)) return;
  const target = apiRequest(request);
  if (target === undefined)
    return reply(request, response, json(404, { message: `There is no ${request.url} offline` }));
  const read = await incoming(request);
  if (read === undefined) return reply(request, response);
  const { apiId, path, query } = target;
  const message: HttpRequest = { ...read, path, query, headers: withoutHeaders(read.headers, ['host']) };
  const webSocketApi = services.webSocketApis.get(apiId);
  if (webSocketApi !== undefined) return reply(request, response, handleConnections(webSocketApi, message));
  reply(
    request,
    response,
    (await services.httpApis.get(apiId)?.handle(message)) ?? json(403, { message: 'Forbidden' }),
  );
}

function apiRequest(request: IncomingMessage): { apiId: string; path: string; query: string } | undefined {
  const [, apiId, path = '/', query = ''] = apiPath.exec(request.url ?? '') ?? [];
  return apiId === undefined ? undefined : { apiId, path, query: query.slice(1) };
}
