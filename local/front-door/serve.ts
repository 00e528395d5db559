import type { IncomingMessage, ServerResponse } from 'node:http';
import { httpBodyLimit, tooLarge } from '../gateway/http-api/http-api.ts';
import { readBody } from '../http/body.ts';
import { fieldsOf, type HttpRequest, type HttpResponse } from '../http/message.ts';

/** Node's request as the message that travels through the runtime; undefined when its body is too long. */
export async function incoming(
  request: IncomingMessage,
  bodyLimit: number = httpBodyLimit,
): Promise<HttpRequest | undefined> {
  const body = await readBody(request, bodyLimit);
  if (body === undefined) return undefined;
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
  return {
    method: request.method ?? 'GET',
    path,
    query,
    headers: fieldsOf(request.rawHeaders),
    body,
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
  };
}

/** Writes the answer; a request whose body was not read to its end loses its connection. */
export function reply(request: IncomingMessage, response: ServerResponse, answer: HttpResponse = tooLarge()): void {
  const headers = new Map<string, string[]>();
  for (const [name, value] of answer.headers) headers.set(name, [...(headers.get(name) ?? []), value]);
  response.statusCode = answer.status;
  for (const [name, values] of headers) response.setHeader(name, values.length === 1 ? (values[0] ?? '') : values);
  if (!request.complete) response.setHeader('connection', 'close');
  if (answer.status !== 304 && answer.status !== 204) response.setHeader('content-length', answer.body.length);
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}
