import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import type { Connections } from '../shared/domain/connections.ts';
import type { Invocation } from '../shared/platform/edge.ts';

type DisconnectEvent = APIGatewayProxyWebsocketEventV2 & {
  readonly requestContext: { readonly disconnectReason?: string; readonly disconnectStatusCode?: number };
};

/** Forgets a socket. Best effort on AWS's side: what it misses expires, or is removed by the first push that fails. */
export function createDisconnect(connections: Connections) {
  return async (event: DisconnectEvent, { logger }: Invocation): Promise<{ statusCode: number }> => {
    const { connectionId, disconnectReason: reason, disconnectStatusCode: status } = event.requestContext;
    const session_id = await connections.sessionOf(connectionId);
    // Also sent for handshakes that were refused, which have no entry.
    if (session_id === undefined) return { statusCode: 200 };
    await connections.remove({ connection_id: connectionId, session_id });
    logger.log('info', 'disconnected', { session_id, connection_id: connectionId, status, reason });
    return { statusCode: 200 };
  };
}
