import { createContext, Script } from 'node:vm';
import { type HttpRequest, type HttpResponse, headerValue } from '../http/message.ts';
import type { Log } from '../log.ts';
import { isObject } from '../template/json.ts';
import { requestFromEdge, responseFromEdge, viewerRequestEvent } from './edge-event.ts';

/** AWS measures compute, with a limit near a millisecond; this is wall time on a busy machine and only ends endless loops. */
const timeoutMs = 2000;

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

/** A CloudFront Function on viewer-request, in a context of its own: no Node API, no network, no timers. */
export function createEdgeFunction(
  code: string,
  domainName: string,
  log: Log,
): (request: HttpRequest) => Promise<EdgeOutcome> {
  const console = { log: (...values: unknown[]) => log.info(values.map(String).join(' ')) };
  const context = createContext({ console, offlineEvent: '' });
  // The event goes in and the result comes out as JSON text: no object of the runtime is in the function's reach.
  new Script(code, { filename: 'cloudfront-function.js' }).runInContext(context);
  const call = new Script(
    'Promise.resolve(handler(JSON.parse(offlineEvent))).then((result) => JSON.stringify(result))',
  );
  const fail = (status: number, reason: string): EdgeOutcome => {
    log.error(`CloudFront Function: ${reason}`);
    return { response: edgeFailure(status) };
  };
  return async (request) => {
    let result: unknown;
    try {
      context.offlineEvent = JSON.stringify(viewerRequestEvent(request, domainName));
      const text = (await call.runInContext(context, { timeout: timeoutMs })) as string | undefined;
      result = JSON.parse(text ?? 'null');
    } catch (error) {
      // An error of the other context is no instance of this one's Error.
      return fail(503, isObject(error) && 'message' in error ? String(error.message) : String(error));
    }
    const response = responseFromEdge(result);
    if (response !== undefined) return { response };
    const changed = requestFromEdge(result, request);
    if (changed === undefined) return fail(502, 'returned neither a request nor a response');
    const forbidden = changed.headers.find(([name]) => isRestricted(name) && differs(name, request, changed));
    return forbidden === undefined ? { request: changed } : fail(502, `may not set the header ${forbidden[0]}`);
  };
}

function differs(name: string, before: HttpRequest, after: HttpRequest): boolean {
  return headerValue(before.headers, name) !== headerValue(after.headers, name);
}

function isRestricted(name: string): boolean {
  const lower = name.toLowerCase();
  return restricted.some((entry) => (entry.endsWith('*') ? lower.startsWith(entry.slice(0, -1)) : lower === entry));
}

export function edgeFailure(status: number): HttpResponse {
  const body = `<html><head><title>ERROR: The request could not be satisfied</title></head><body><h1>${status} ERROR</h1></body></html>`;
  return { status, headers: [['content-type', 'text/html']], body: Buffer.from(body) };
}
