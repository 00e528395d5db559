import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpApi } from '../gateway/http-api/http-api.ts';
import { refuseHandshake } from '../gateway/websocket/refuse-handshake.ts';
import type { WebSocketApi } from '../gateway/websocket/websocket-api.ts';
import {
  fieldsOf,
  type HeaderField,
  type HttpRequest,
  type HttpResponse,
  headerValue,
  withoutHeaders,
} from '../http/message.ts';
import type { Log } from '../log.ts';
import type { BehaviorSpec, BucketSpec, DistributionSpec, OriginSpec } from '../template/model.ts';
import { createBucket } from './bucket.ts';
import { createEdgeFunction, type EdgeOutcome, edgeFailure } from './edge-function.ts';
import { matchesPattern } from './path-pattern.ts';
import { createS3Bucket } from './s3-bucket.ts';

export interface FrontDoorOptions {
  readonly distribution: DistributionSpec;
  readonly buckets: readonly BucketSpec[];
  readonly httpApis: ReadonlyMap<string, Pick<HttpApi, 'handle'>>;
  readonly webSocketApis: ReadonlyMap<string, Pick<WebSocketApi, 'handshake'>>;
  /** Where the buckets' objects are, as in the SDK's variable; without it they are read from what is deployed. */
  readonly s3Endpoint?: string | undefined;
  readonly log: Log;
}

export interface FrontDoor {
  /** Bytes of body that the request may have; 0 where it goes to a bucket. */
  takesBody(path: string): boolean;
  handle(request: HttpRequest): Promise<HttpResponse>;
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void>;
}

interface Behavior {
  readonly spec: BehaviorSpec;
  readonly viewerRequest: ((request: HttpRequest) => Promise<EdgeOutcome>) | undefined;
}

/** Headers that CloudFront hands to an origin even without an origin request policy. */
const alwaysForwarded = [
  'accept-encoding',
  'content-type',
  'content-length',
  'user-agent',
  'if-none-match',
  'if-modified-since',
];

/** A CloudFront distribution: behaviours by path, edge functions, origins, error pages, response headers. */
export function createFrontDoor(options: FrontDoorOptions): FrontDoor {
  const { distribution, log, s3Endpoint } = options;
  const bucketOf = (spec: BucketSpec) =>
    s3Endpoint === undefined ? createBucket(spec) : createS3Bucket(spec, s3Endpoint);
  const buckets = new Map(options.buckets.map((spec) => [spec.name, bucketOf(spec)]));
  const behaviors = distribution.behaviors.map((spec): Behavior => {
    const code = spec.viewerRequest;
    return {
      spec,
      viewerRequest: code === undefined ? undefined : createEdgeFunction(code, distribution.domainName, log),
    };
  });
  const behaviorFor = (path: string): Behavior | undefined =>
    behaviors.find(({ spec }) => matchesPattern(spec.pathPattern, path));

  const atOrigin = async (origin: OriginSpec, request: HttpRequest): Promise<HttpResponse> => {
    const path = `${origin.path}${request.path}`;
    if (origin.kind === 'bucket') return (await buckets.get(origin.bucket)?.({ ...request, path })) ?? edgeFailure(502);
    const headers = [
      ...withoutHeaders(request.headers, Object.keys(origin.headers)),
      ...Object.entries(origin.headers),
    ];
    const api = origin.kind === 'http-api' ? options.httpApis.get(origin.apiId) : undefined;
    return (await api?.handle({ ...request, path, headers })) ?? edgeFailure(502);
  };

  const withErrorPage = async (response: HttpResponse, request: HttpRequest): Promise<HttpResponse> => {
    const page = distribution.errorResponses.find(({ errorCode }) => errorCode === response.status);
    if (page?.responsePagePath === undefined) return response;
    const origin = behaviorFor(page.responsePagePath)?.spec.origin;
    if (origin === undefined) return response;
    const found = await atOrigin(origin, {
      ...request,
      method: 'GET',
      path: page.responsePagePath,
      query: '',
      body: Buffer.alloc(0),
    });
    return found.status === 200 ? { ...found, status: page.responseCode ?? response.status } : response;
  };

  return {
    takesBody: (path) => behaviorFor(path)?.spec.origin.kind === 'http-api',
    async handle(request) {
      const behavior = behaviorFor(request.path);
      if (behavior === undefined) return edgeFailure(404);
      const { spec, viewerRequest } = behavior;
      if (!spec.allowedMethods.includes(request.method)) return edgeFailure(403);
      const outcome = (await viewerRequest?.(request)) ?? { request };
      if ('response' in outcome) return withPolicy(outcome.response, spec);
      const forwarded = forward(outcome.request, spec, distribution.defaultRootObject);
      const response = await withErrorPage(await atOrigin(spec.origin, forwarded), forwarded);
      return withPolicy(response, spec);
    },
    async upgrade(request, stream, head) {
      const viewer = viewerHandshake(request);
      const behavior = behaviorFor(viewer.path);
      const origin = behavior?.spec.origin;
      const api = origin?.kind === 'websocket-api' ? options.webSocketApis.get(origin.apiId) : undefined;
      if (behavior === undefined || origin?.kind !== 'websocket-api' || api === undefined)
        return refuseHandshake(stream, 403);
      const outcome = (await behavior.viewerRequest?.(viewer)) ?? { request: viewer };
      if ('response' in outcome) return refuseHandshake(stream, outcome.response.status);
      const { path, query, headers, sourceIp } = forward(outcome.request, behavior.spec, undefined);
      const all = [...withoutHeaders(headers, Object.keys(origin.headers)), ...Object.entries(origin.headers)];
      await api.handshake(request, stream, head, { path: `${origin.path}${path}`, query, headers: all, sourceIp });
    },
  };
}

function viewerHandshake(request: IncomingMessage): HttpRequest {
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
  return {
    method: 'GET',
    path,
    query,
    headers: fieldsOf(request.rawHeaders),
    body: Buffer.alloc(0),
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
  };
}

/** What the origin gets of the viewer's request. The viewer's Host never reaches an API: it would not know the name. */
function forward(request: HttpRequest, spec: BehaviorSpec, defaultRootObject: string | undefined): HttpRequest {
  const path = request.path === '/' && defaultRootObject !== undefined ? `/${defaultRootObject}` : request.path;
  const headers: HeaderField[] = withoutHeaders(request.headers, ['host']);
  if (spec.forwardsViewer) return { ...request, path, headers };
  const kept = headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return alwaysForwarded.includes(lower) || lower.startsWith('sec-websocket-') || lower === 'x-forwarded-for';
  });
  return { ...request, path, query: '', headers: kept };
}

function withPolicy(response: HttpResponse, { responseHeaders, removedHeaders }: BehaviorSpec): HttpResponse {
  const added = Object.entries(responseHeaders);
  const kept = withoutHeaders(response.headers, [...removedHeaders, ...added.map(([name]) => name)]);
  const contentLength = headerValue(kept, 'content-length') === undefined ? [] : ['content-length'];
  return { ...response, headers: [...withoutHeaders(kept, contentLength), ...added] };
}
