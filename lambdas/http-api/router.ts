import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ChatError } from '../shared/domain/errors.ts';
import { problem } from '../shared/http/problem.ts';
import { callerOf } from '../shared/http/request.ts';
import type { HttpAnswer } from '../shared/http/respond.ts';
import type { Invocation } from '../shared/platform/edge.ts';
import type { ApiPorts, Route } from './ports.ts';
import { health } from './routes/health.ts';
import { clearHistory } from './routes/history.ts';
import { listMessages } from './routes/messages.ts';
import { createSession, deleteOwnSession, listSessions, readSession, renameSession } from './routes/sessions.ts';
import { readTrace } from './routes/trace.ts';

const session = /^\/api\/sessions\/([^/]+)$/;

const routes: readonly (readonly [method: string, path: RegExp, route: Route])[] = [
  ['GET', /^\/api\/health$/, health],
  ['POST', /^\/api\/sessions$/, createSession],
  ['GET', /^\/api\/sessions$/, listSessions],
  ['GET', session, readSession],
  ['PATCH', session, renameSession],
  ['DELETE', session, deleteOwnSession],
  ['GET', /^\/api\/sessions\/([^/]+)\/messages$/, listMessages],
  ['DELETE', /^\/api\/sessions\/([^/]+)\/history$/, clearHistory],
  ['GET', /^\/api\/sessions\/([^/]+)\/trace\/([^/]+)$/, readTrace],
];

/** Finds the route of a call, tells who calls, and answers expected failures as problems. */
export function createRouter(ports: ApiPorts) {
  return async (event: APIGatewayProxyEventV2, { logger }: Invocation): Promise<HttpAnswer> => {
    const started = performance.now();
    const { method } = event.requestContext.http;
    const answer = await find(ports, event, method);
    const ms = Math.round(performance.now() - started);
    logger.log('debug', 'answered', { method, path: event.rawPath, status: answer.statusCode, ms });
    return answer;
  };
}

async function find(ports: ApiPorts, event: APIGatewayProxyEventV2, method: string): Promise<HttpAnswer> {
  try {
    const path = event.rawPath.length > 1 ? event.rawPath.replace(/\/$/, '') : event.rawPath;
    const matching = routes.filter(([, pattern]) => pattern.test(path));
    const found = matching.find(([wanted]) => wanted === method);
    if (!found && matching.length > 0) return notAllowed(matching.map(([allowed]) => allowed));
    if (!found) throw new ChatError('not_found', 'There is no such route.');
    const [, pattern, route] = found;
    const places = pattern.exec(path)?.slice(1) ?? [];
    return await route(ports, { event, caller: await callerOf(event, ports.authenticate), places });
  } catch (error) {
    if (error instanceof ChatError) return problem(error);
    throw error;
  }
}

function notAllowed(methods: readonly string[]): HttpAnswer {
  const answer = problem(new ChatError('invalid_request', `This route takes ${methods.join(', ')}.`));
  const body = { ...(JSON.parse(answer.body ?? '{}') as object), status: 405 };
  return {
    ...answer,
    statusCode: 405,
    headers: { ...answer.headers, allow: methods.join(', ') },
    body: JSON.stringify(body),
  };
}
