import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { type ClientFrame, parseClientFrame } from '../shared/contracts/client-frames.ts';
import type { ReplyFrame } from '../shared/contracts/server-frames.ts';
import type { Connections } from '../shared/domain/connections.ts';
import type { Invocation } from '../shared/platform/edge.ts';
import type { Logger } from '../shared/platform/logger.ts';
import { type SubmitPorts, submit } from '../shared/submit.ts';
import { errorFrame, replyOf } from './reply.ts';

export interface MessagePorts extends SubmitPorts {
  readonly connections: Connections;
}

/** Answers one frame of a socket. `resume` has a route and a function of its own. */
export function createMessage(ports: MessagePorts) {
  // A socket is bound to one session for its life, so what was read once stays true.
  const bound = new Map<string, string>();
  return async (event: APIGatewayProxyWebsocketEventV2, { logger }: Invocation) => {
    const { connectionId, requestTimeEpoch } = event.requestContext;
    const parsed = parseClientFrame(event.body ?? '');
    if (!parsed.ok) {
      const { problem, message_id } = parsed;
      return replyOf({ type: 'error', code: 'invalid_request', message: problem, ...(message_id && { message_id }) });
    }
    if (parsed.frame.action === 'ping') return replyOf({ type: 'pong' });
    const sessionId = bound.get(connectionId) ?? (await ports.connections.sessionOf(connectionId));
    if (sessionId === undefined) return replyOf({ type: 'goaway', reason: 'This socket has expired; connect again.' });
    remember(bound, connectionId, sessionId);
    return replyOf(await answer(ports, parsed.frame, sessionId, requestTimeEpoch, logger));
  };
}

async function answer(
  ports: MessagePorts,
  frame: ClientFrame,
  session_id: string,
  receivedAt: number,
  logger: Logger,
): Promise<ReplyFrame> {
  try {
    switch (frame.action) {
      case 'message': {
        const question = { session_id, message: frame.message, message_id: frame.message_id };
        const { event, appended } = await submit(ports, 'ws-message', question, receivedAt, logger);
        const status = appended ? 'accepted' : 'duplicate';
        return { type: 'accepted', message_id: event.message_id, seq: event.seq, status };
      }
      default:
        return { type: 'error', code: 'invalid_request', message: `\`${frame.action}\` can't be done here.` };
    }
  } catch (error) {
    return errorFrame(error, 'message_id' in frame ? frame.message_id : undefined);
  }
}

/** Sandboxes live for hours: the map is kept small by forgetting the oldest. */
function remember(bound: Map<string, string>, connectionId: string, sessionId: string): void {
  if (bound.size >= 1_000 && !bound.has(connectionId)) bound.delete(bound.keys().next().value ?? '');
  bound.set(connectionId, sessionId);
}
