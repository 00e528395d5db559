import { type HttpRequest, type HttpResponse, json } from '../../http/message.ts';
import { looksLikeGatewayId } from '../request-id.ts';
import type { WebSocketApi } from './websocket-api.ts';

const path = /^\/([^/]+)\/@connections\/([^/]+)$/;

/**
 * The management API of a WebSocket API: `POST`, `GET` and `DELETE` of `/{stage}/@connections/{id}`, with the codes that
 * the AWS SDK turns into GoneException and the like. Signatures are not looked at.
 */
export function handleConnections(api: WebSocketApi, request: HttpRequest): HttpResponse {
  const [, stage, encodedId = ''] = path.exec(request.path) ?? [];
  if (stage !== api.spec.stage) return failure(403, 'ForbiddenException', 'Forbidden');
  const id = decodeURIComponent(encodedId);
  if (!looksLikeGatewayId(id)) return failure(400, 'BadRequestException', `Invalid connectionId: ${id}`);
  const connection = api.connections.get(id);
  if (connection === undefined || !connection.open) return failure(410, 'GoneException', '');
  switch (request.method) {
    case 'POST':
      if (request.body.length > 131_072) return failure(413, 'PayloadTooLargeException', 'Message too long');
      if (connection.full) return failure(429, 'LimitExceededException', 'The buffer of the client is full');
      connection.send(request.body);
      return { status: 200, headers: [], body: Buffer.alloc(0) };
    case 'GET': {
      const { connectedAt, sourceIp, userAgent } = connection.facts;
      return json(200, {
        connectedAt: new Date(connectedAt).toISOString(),
        identity: { sourceIp, userAgent: userAgent ?? '' },
        lastActiveAt: new Date(connection.lastActiveAt).toISOString(),
      });
    }
    case 'DELETE':
      connection.close(1000, 'Connection Closed Normally');
      return { status: 204, headers: [], body: Buffer.alloc(0) };
    default:
      return failure(403, 'ForbiddenException', 'Forbidden');
  }
}

function failure(status: number, code: string, message: string): HttpResponse {
  return json(status, { message }, [['x-amzn-errortype', code]]);
}
