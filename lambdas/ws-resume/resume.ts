import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { parseClientFrame } from '../shared/contracts/client-frames.ts';
import type { ReplyFrame } from '../shared/contracts/server-frames.ts';
import { type DeliveryPorts, postAll } from '../shared/domain/delivery.ts';
import { encodeFrame, toFrame } from '../shared/domain/frames.ts';
import type { Log } from '../shared/domain/log.ts';
import type { Sessions } from '../shared/domain/sessions.ts';
import type { Invocation } from '../shared/platform/edge.ts';

export interface ResumePorts extends DeliveryPorts {
  readonly sessions: Sessions;
  readonly log: Log;
}

const pageSize = 100;

/**
 * Posts everything durable after `since` to the socket that asks, in order, and then says how far that was. A long
 * replay that nears the deadline says how far it came, and the client asks for the rest.
 */
export function createResume(ports: ResumePorts) {
  return async (event: APIGatewayProxyWebsocketEventV2, invocation: Invocation) => {
    const reply = (frame: ReplyFrame) => ({ statusCode: 200, body: JSON.stringify(frame) });
    const { connectionId } = event.requestContext;
    const parsed = parseClientFrame(event.body ?? '');
    if (!parsed.ok) return reply({ type: 'error', code: 'invalid_request', message: parsed.problem });
    if (parsed.frame.action !== 'resume') {
      return reply({ type: 'error', code: 'invalid_request', message: 'Only `resume` comes here.' });
    }
    const sessionId = await ports.connections.sessionOf(connectionId);
    if (sessionId === undefined) return reply({ type: 'goaway', reason: 'This socket has expired; connect again.' });
    if (!(await ports.sessions.get(sessionId))) return reply({ type: 'session_deleted', session_id: sessionId });
    const upTo = await replay(ports, sessionId, connectionId, parsed.frame.since, invocation);
    invocation.logger.log('info', 'replayed', { session_id: sessionId, since: parsed.frame.since, up_to: upTo });
    return reply({ type: 'replayed', up_to: upTo });
  };
}

async function replay(
  ports: ResumePorts,
  sessionId: string,
  connectionId: string,
  since: number,
  { remainingMs }: Invocation,
): Promise<number> {
  let upTo = since;
  while (remainingMs() > 5_000) {
    const page = await ports.log.after(sessionId, upTo, pageSize);
    for (const event of page.events) {
      const outcome = await postAll(ports, sessionId, connectionId, encodeFrame(toFrame(sessionId, event, true)));
      if (outcome !== 'sent') return upTo;
      upTo = event.seq;
    }
    if (!page.more) break;
  }
  return upTo;
}
