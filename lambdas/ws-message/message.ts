import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { type ClientFrame, parseClientFrame } from '../shared/contracts/client-frames.ts';
import type { ReplyFrame, ServerFrame } from '../shared/contracts/server-frames.ts';
import type { Connections } from '../shared/domain/connections.ts';
import { cancel } from '../shared/domain/requests.ts';
import type { Invocation } from '../shared/platform/edge.ts';
import type { Logger } from '../shared/platform/logger.ts';
import { type SubmitPorts, submit, submitAgain } from '../shared/submit.ts';
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
): Promise<ServerFrame | undefined> {
  const origin = { component: 'ws-message', receivedAt, logger };
  try {
    switch (frame.action) {
      case 'message': {
        const { message, message_id, replaces } = frame;
        const { event, appended } = await submit(ports, origin, { session_id, message, message_id, replaces });
        return accepted(event.message_id, event.seq, appended);
      }
      case 'regenerate': {
        const message_id = frame.message_id.toLowerCase();
        const { event, appended } = await submitAgain(ports, origin, session_id, message_id);
        return accepted(message_id, event.seq, appended);
      }
      case 'cancel': {
        const in_reply_to = frame.message_id.toLowerCase();
        const met = await cancel(ports, session_id, in_reply_to);
        logger.log('info', `cancel: ${met}`, { session_id, message_id: in_reply_to });
        // For what is unknown or has ended nothing happens, and nothing is said.
        return met === 'nothing' ? undefined : { type: 'status', in_reply_to, state: 'cancelling' };
      }
      default:
        return { type: 'error', code: 'invalid_request', message: `\`${frame.action}\` can't be done here.` };
    }
  } catch (error) {
    return errorFrame(error, 'message_id' in frame ? frame.message_id : undefined);
  }
}

function accepted(message_id: string, seq: number, appended: boolean): ReplyFrame {
  return { type: 'accepted', message_id, seq, status: appended ? 'accepted' : 'duplicate' };
}

/** Sandboxes live for hours: the map is kept small by forgetting the oldest. */
function remember(bound: Map<string, string>, connectionId: string, sessionId: string): void {
  if (bound.size >= 1_000 && !bound.has(connectionId)) bound.delete(bound.keys().next().value ?? '');
  bound.set(connectionId, sessionId);
}
