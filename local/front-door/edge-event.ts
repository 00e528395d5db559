import { randomBytes } from 'node:crypto';
import type { HeaderField, HttpRequest } from '../http/message.ts';
import { isObject, list, object, text } from '../template/json.ts';

/** Name to value, further values of the same name in `multiValue`, as in the events of CloudFront Functions. */
type EdgeFields = Record<string, { value: string; multiValue?: { value: string }[] }>;

/**
 * The viewer-request event of a CloudFront Function, runtime 2.0. Values of the query string stay percent-encoded.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
 */
export function viewerRequestEvent(request: HttpRequest, domainName: string): Record<string, unknown> {
  const cookies = request.headers
    .filter(([name]) => name.toLowerCase() === 'cookie')
    .flatMap(([, value]) => value.split(/;\s*/))
    .filter((pair) => pair !== '');
  const headers = request.headers.filter(([name]) => name.toLowerCase() !== 'cookie');
  return {
    version: '1.0',
    context: {
      distributionDomainName: domainName,
      distributionId: 'EOFFLINE',
      eventType: 'viewer-request',
      requestId: randomBytes(27).toString('base64url'),
    },
    viewer: { ip: request.sourceIp },
    request: {
      method: request.method,
      uri: request.path,
      querystring: fieldsOf(
        request.query
          .split('&')
          .filter((pair) => pair !== '')
          .map((pair) => split(pair)),
      ),
      headers: fieldsOf(headers.map(([name, value]) => [name.toLowerCase(), value])),
      cookies: fieldsOf(cookies.map((pair) => split(pair))),
    },
  };
}

function split(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

function fieldsOf(pairs: readonly (readonly [string, string])[]): EdgeFields {
  const fields: EdgeFields = {};
  for (const [name, value] of pairs) {
    const first = fields[name];
    if (first === undefined) fields[name] = { value };
    else first.multiValue = [...(first.multiValue ?? [{ value: first.value }]), { value }];
  }
  return fields;
}

function pairsOf(fields: unknown): [string, string][] {
  return Object.entries(object(fields)).flatMap(([name, field]) => {
    const several = list(object(field).multiValue);
    const values = several.length > 0 ? several.map((item) => object(item).value) : [object(field).value];
    return values.map((value): [string, string] => [name, text(value) ?? '']);
  });
}

/** The request that an edge function hands back; undefined when it is not one. */
export function requestFromEdge(result: unknown, original: HttpRequest): HttpRequest | undefined {
  if (!isObject(result) || typeof result.uri !== 'string' || !result.uri.startsWith('/')) return undefined;
  const cookies = pairsOf(result.cookies).map(([name, value]) => `${name}=${value}`);
  const headers: HeaderField[] = pairsOf(result.headers);
  if (cookies.length > 0) headers.push(['cookie', cookies.join('; ')]);
  const query = pairsOf(result.querystring).map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  return { ...original, path: result.uri, query: query.join('&'), headers };
}

/** The response that an edge function answers with in the origin's place; undefined when it is not one. */
export function responseFromEdge(
  result: unknown,
): { status: number; headers: HeaderField[]; body: Buffer } | undefined {
  if (!isObject(result) || typeof result.statusCode !== 'number') return undefined;
  const cookies = Object.entries(object(result.cookies)).map(([name, field]): HeaderField => {
    const attributes = text(object(field).attributes);
    return [
      'set-cookie',
      `${name}=${text(object(field).value) ?? ''}${attributes === undefined ? '' : `; ${attributes}`}`,
    ];
  });
  const body = isObject(result.body) ? result.body : { data: result.body };
  return {
    status: result.statusCode,
    headers: [...pairsOf(result.headers), ...cookies],
    body: Buffer.from(text(body.data) ?? '', body.encoding === 'base64' ? 'base64' : 'utf8'),
  };
}
