import { type HttpRequest, headerValue, logTime } from '../../http/message.ts';
import type { RouteMatch } from './route-match.ts';

export interface HttpEventOptions {
  readonly request: HttpRequest;
  readonly match: RouteMatch;
  readonly apiId: string;
  readonly domainName: string;
  readonly accountId: string;
  readonly stage: string;
  readonly requestId: string;
  readonly traceHeader: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The event of payload format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpEvent(options: HttpEventOptions): Record<string, unknown> {
  const { request, match, apiId, domainName, accountId, stage, requestId, now } = options;
  const cookie = headerValue(request.headers, 'cookie');
  const query = queryParameters(request.query);
  const { text, base64 } = bodyOf(request);
  const { pathParameters, route } = match;
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: request.path,
    rawQueryString: request.query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/;\s*/) }),
    headers: eventHeaders(options),
    ...(query === undefined ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId,
      apiId,
      domainName,
      domainPrefix: apiId,
      http: {
        method: request.method,
        path: request.path,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headerValue(request.headers, 'user-agent') ?? '',
      },
      requestId,
      routeKey: route.routeKey,
      stage,
      time: logTime(now),
      timeEpoch: now,
    },
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters }),
    ...(text === undefined ? {} : { body: text }),
    isBase64Encoded: base64,
  };
}

/** Lower-case names, repeated ones joined by commas; what API Gateway adds; cookies have their own field. */
function eventHeaders({ request, domainName, traceHeader }: HttpEventOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of request.headers) {
    const lower = name.toLowerCase();
    if (lower === 'cookie' || lower === 'connection' || lower === 'transfer-encoding') continue;
    headers[lower] = lower in headers ? `${headers[lower]},${value}` : value;
  }
  const forwarded = headers['x-forwarded-for'];
  return {
    ...headers,
    'content-length': String(request.body.length),
    host: domainName,
    'x-amzn-trace-id': traceHeader,
    'x-forwarded-for': forwarded === undefined ? request.sourceIp : `${forwarded}, ${request.sourceIp}`,
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
  };
}

/** Repeated names are joined by commas. */
function queryParameters(query: string): Record<string, string> | undefined {
  if (query === '') return undefined;
  const found: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query))
    found[name] = name in found ? `${found[name]},${value}` : value;
  return found;
}

/** Bodies of other types than text come base64-encoded; those of HTML forms too. */
function bodyOf({ body, headers }: HttpRequest): { text: string | undefined; base64: boolean } {
  if (body.length === 0) return { text: undefined, base64: false };
  const type = headerValue(headers, 'content-type') ?? 'text/plain';
  const isText = /^\s*(text\/|application\/([\w.-]+\+)?(json|xml)\b|application\/javascript\b)/i.test(type);
  return isText ? { text: body.toString('utf8'), base64: false } : { text: body.toString('base64'), base64: true };
}
