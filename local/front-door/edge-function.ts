import { createContext, Script } from 'node:vm';
import { type HttpRequest, type HttpResponse, headerValue } from '../http/message.ts';
import type { Log } from '../log.ts';
import { isObject } from '../template/json.ts';
import { requestFromEdge, responseFromEdge, viewerRequestEvent } from './edge-event.ts';

/** AWS measures compute in a share of an unpublished limit near a millisecond; this only ends endless loops. */
const timeoutMs = 100;

/** Headers that a CloudFront Function may not add or change; a prefix where it ends in a star. */
const restricted = [
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'trailer',
  'upgrade',
  'x-accel-*',
  'x-amz-cf-*',
  'x-amzn-*',
  'x-cache',
  'x-edge-*',
  'x-forwarded-proto',
  'x-real-ip',
  'content-length',
  'host',
  'transfer-encoding',
  'via',
];

export type EdgeOutcome = { readonly request: HttpRequest } | { readonly response: HttpResponse };

/** A CloudFront Function on viewer-request, in a context of its own: no Node API, no network, no memory between calls. */
export function createEdgeFunction(
  code: string,
  domainName: string,
  log: Log,
): (request: HttpRequest) => Promise<EdgeOutcome> {
  const script = new Script(
    `${code}\n;Promise.resolve(handler(JSON.parse(offlineEvent))).then((result) => JSON.stringify(result))`,
    { filename: 'cloudfront-function.js' },
  );
  const fail = (status: number, reason: string): EdgeOutcome => {
    log.error(`CloudFront Function: ${reason}`);
    return { response: edgeFailure(status) };
  };
  return async (request) => {
    const event = viewerRequestEvent(request, domainName);
    const console = { log: (...values: unknown[]) => log.info(values.map(String).join(' ')) };
    let result: unknown;
    try {
      const context = createContext({ offlineEvent: JSON.stringify(event), console, Buffer: undefined });
      result = JSON.parse(
        ((await script.runInContext(context, { timeout: timeoutMs })) as string | undefined) ?? 'null',
      );
    } catch (error) {
      return fail(
        503,
        error instanceof Error || isObject(error) ? String((error as { message?: unknown }).message) : String(error),
      );
    }
    const response = responseFromEdge(result);
    if (response !== undefined) return { response };
    const changed = requestFromEdge(result, request);
    if (changed === undefined) return fail(502, 'returned neither a request nor a response');
    const forbidden = changed.headers.find(
      ([name]) => isRestricted(name) && headerValue(request.headers, name) !== headerValue(changed.headers, name),
    );
    if (forbidden !== undefined) return fail(502, `may not set the header ${forbidden[0]}`);
    return { request: changed };
  };
}

function isRestricted(name: string): boolean {
  const lower = name.toLowerCase();
  return restricted.some((entry) => (entry.endsWith('*') ? lower.startsWith(entry.slice(0, -1)) : lower === entry));
}

export function edgeFailure(status: number): HttpResponse {
  const body = `<html><head><title>ERROR: The request could not be satisfied</title></head><body><h1>${status} ERROR</h1></body></html>`;
  return { status, headers: [['content-type', 'text/html']], body: Buffer.from(body) };
}
