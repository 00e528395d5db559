import type { APIGatewayProxyEventHeaders, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { isUuid } from '../shared/contracts/ids.ts';
import type { Connections } from '../shared/domain/connections.ts';
import { ChatError } from '../shared/domain/errors.ts';
import type { Sessions } from '../shared/domain/sessions.ts';
import type { Authenticate } from '../shared/platform/authenticate.ts';
import type { Invocation } from '../shared/platform/edge.ts';
import { throughDistribution } from '../shared/platform/origin.ts';

export interface ConnectPorts {
  readonly sessions: Sessions;
  readonly connections: Connections;
  readonly authenticate: Authenticate;
}

type ConnectEvent = APIGatewayProxyWebsocketEventV2 & {
  readonly headers?: APIGatewayProxyEventHeaders;
  readonly queryStringParameters?: Record<string, string | undefined> | null;
};

/**
 * Binds a socket to the session in the query string, for its owner only. Refuses the handshake with 403 (foreign
 * Origin), 401 (no or invalid credentials) and 404 (no such session for this caller).
 */
export function createConnect(ports: ConnectPorts) {
  return async (event: ConnectEvent, { logger }: Invocation): Promise<{ statusCode: number }> => {
    const headers = lowerCased(event.headers ?? {});
    const session_id = event.queryStringParameters?.session_id?.toLowerCase();
    const refuse = (statusCode: number, reason: string) => {
      logger.log('info', 'handshake refused', { session_id, status: statusCode, reason });
      return { statusCode };
    };
    if (!throughDistribution(headers)) return refuse(403, 'not through the distribution');
    if (!sameOrigin(headers)) return refuse(403, 'foreign origin');
    if (!isUuid(session_id)) return refuse(404, 'no session id');
    try {
      const identity = await ports.authenticate({
        authorization: headers.authorization,
        cookies: headers.cookie === undefined ? [] : [headers.cookie],
      });
      if (!identity) return refuse(401, 'no credentials');
      const session = await ports.sessions.get(session_id);
      if (session?.owner !== identity.owner) return refuse(404, 'no such session');
    } catch (error) {
      if (error instanceof ChatError && error.code === 'unauthorized') return refuse(401, 'invalid credentials');
      throw error;
    }
    const { connectionId } = event.requestContext;
    await ports.connections.add({ connection_id: connectionId, session_id });
    logger.log('info', 'connected', { session_id, connection_id: connectionId });
    return { statusCode: 200 };
  };
}

function lowerCased(headers: APIGatewayProxyEventHeaders): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** A browser names the page's origin; it must be the host that was called. A program names none. */
function sameOrigin(headers: Record<string, string | undefined>): boolean {
  const { origin } = headers;
  if (origin === undefined) return true;
  const host = headers['x-forwarded-host'] ?? headers.host;
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase();
}
