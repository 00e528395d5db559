import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { isUuid } from '../shared/contracts/ids.ts';
import { ChatError } from '../shared/domain/errors.ts';
import { problem } from '../shared/http/problem.ts';
import { bodyOf, callerOf, ownSession } from '../shared/http/request.ts';
import { type HttpAnswer, json } from '../shared/http/respond.ts';
import type { Authenticate } from '../shared/platform/authenticate.ts';
import type { Invocation } from '../shared/platform/edge.ts';
import { type SubmitPorts, submit } from '../shared/submit.ts';

export interface PostMessagePorts extends SubmitPorts {
  readonly authenticate: Authenticate;
}

/** Sends a message without a socket: 202 with its place in the log. */
export function createPostMessage(ports: PostMessagePorts) {
  return async (event: APIGatewayProxyEventV2, { logger }: Invocation): Promise<HttpAnswer> => {
    try {
      const caller = await callerOf(event, ports.authenticate);
      const { session_id } = await ownSession(ports.sessions, caller, event.pathParameters?.session_id);
      const { message, message_id, replaces } = bodyOf(event);
      if (typeof message !== 'string') throw new ChatError('invalid_request', '`message` must be a string.');
      if (message_id !== undefined && !isUuid(message_id)) {
        throw new ChatError('invalid_request', '`message_id` must be a UUID.');
      }
      if (replaces !== undefined && !isUuid(replaces)) {
        throw new ChatError('invalid_request', '`replaces` must be a UUID.');
      }
      const origin = { component: 'http-message', receivedAt: event.requestContext.timeEpoch, logger };
      const placed = await submit(ports, origin, { session_id, message, message_id, replaces });
      const status = placed.appended ? 'accepted' : 'duplicate';
      return json(202, { message_id: placed.event.message_id, seq: placed.event.seq, status });
    } catch (error) {
      if (error instanceof ChatError) return problem(error);
      throw error;
    }
  };
}
