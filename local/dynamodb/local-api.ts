import { EventEmitter } from 'node:events';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { ApiAnswer } from './time-to-live.ts';

/** What dynalite's request handler uses of a request. */
class WholeRequest extends EventEmitter {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;

  constructor(method: string, url: string, headers: IncomingHttpHeaders) {
    super();
    this.method = method;
    this.url = url;
    this.headers = headers;
  }
}

/** Headers that dynalite asks for; it checks no signature. */
const signedHeaders: IncomingHttpHeaders = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20260101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
};

/**
 * dynalite without its HTTP server. It gets requests whole: reading them itself, it would bring the process down when a
 * client goes away in the middle of one.
 */
export class LocalApi {
  readonly #handle: (request: WholeRequest, response: unknown) => void;

  constructor(dynalite: Server) {
    const [handle] = dynalite.listeners('request');
    if (!handle) throw new Error('dynalite has no request handler');
    this.#handle = (request, response) => handle(request, response);
  }

  /** Answers a client's request. */
  forward(
    request: { method: string; url: string; headers: IncomingHttpHeaders },
    body: Buffer,
    response: ServerResponse,
  ) {
    this.#send(new WholeRequest(request.method, request.url, request.headers), body, response);
  }

  /** Performs an operation for the runtime itself. */
  call(operation: string, input: unknown): Promise<ApiAnswer> {
    return new Promise((resolve) => {
      const headers = { ...signedHeaders, 'x-amz-target': `DynamoDB_20120810.${operation}` };
      const response = {
        statusCode: 200,
        setHeader: () => undefined,
        end: (body: string) => resolve({ status: response.statusCode, body: JSON.parse(body) }),
      };
      this.#send(new WholeRequest('POST', '/', headers), Buffer.from(JSON.stringify(input)), response);
    });
  }

  #send(request: WholeRequest, body: Buffer, response: unknown): void {
    this.#handle(request, response);
    if (body.length > 0) request.emit('data', body);
    request.emit('end');
  }
}
