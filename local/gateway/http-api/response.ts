import type { HeaderField, HttpResponse } from '../../http/message.ts';
import { isObject, list, text, texts } from '../../template/json.ts';

/**
 * What a function's answer means in payload format 2.0: a proxy response, or any other JSON as the body of a 200.
 * Undefined when it is malformed, which API Gateway answers with 500.
 */
export function httpResponse(payload: string): HttpResponse | undefined {
  const answer: unknown = JSON.parse(payload);
  if (!isObject(answer) || answer.statusCode === undefined) {
    return { status: 200, headers: [['content-type', 'application/json']], body: Buffer.from(payload) };
  }
  const status = Number(answer.statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  if (answer.body !== undefined && answer.body !== null && typeof answer.body !== 'string') return undefined;
  const headers: HeaderField[] = Object.entries(texts(answer.headers)).map(([name, value]) => [
    name.toLowerCase(),
    value,
  ]);
  if (!headers.some(([name]) => name === 'content-type')) headers.push(['content-type', 'text/plain;charset=UTF-8']);
  for (const cookie of list(answer.cookies)) {
    const value = text(cookie);
    if (value !== undefined) headers.push(['set-cookie', value]);
  }
  const body = Buffer.from(text(answer.body) ?? '', answer.isBase64Encoded === true ? 'base64' : 'utf8');
  return { status, headers: headers.filter(([name]) => name !== 'content-length' && name !== 'connection'), body };
}
