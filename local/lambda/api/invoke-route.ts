import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../../http/body.ts';
import { InvokeError } from '../invoke-error.ts';
import type { Lambda } from '../lambda.ts';
import { payloadLimits } from '../limits.ts';

const path = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?(?:\?.*)?$/;

/** What is invoked: our Lambda, or somebody else's behind ours. */
export type Invocable = Pick<Lambda, 'has' | 'invoke' | 'invokeAsync'>;

/**
 * `POST /2015-03-31/functions/{name}/invocations` as the AWS SDK calls it. Signatures are not looked at. Answers true
 * when the request was one of these.
 */
export async function serveInvoke(
  request: IncomingMessage,
  response: ServerResponse,
  lambda: Invocable,
): Promise<boolean> {
  const [, name] = path.exec(request.url ?? '') ?? [];
  if (name === undefined || request.method !== 'POST') return false;
  try {
    await invoke(decodeURIComponent(name), request, response, lambda);
  } catch (error) {
    refuse(response, error instanceof InvokeError ? error : new InvokeError('ServiceException', 'ServiceException'));
  }
  return true;
}

async function invoke(
  functionName: string,
  request: IncomingMessage,
  response: ServerResponse,
  lambda: Invocable,
): Promise<void> {
  const body = await readBody(request, payloadLimits.request);
  if (body === undefined) {
    throw new InvokeError(
      'RequestTooLargeException',
      `Request must be smaller than ${payloadLimits.request} bytes for the InvokeFunction operation`,
    );
  }
  const payload = jsonText(body);
  const traceHeader = header(request, 'x-amzn-trace-id');
  const type = header(request, 'x-amz-invocation-type') ?? 'RequestResponse';
  if (type === 'Event') {
    const requestId = lambda.invokeAsync({ functionName, payload, traceHeader });
    response.writeHead(202, { 'x-amzn-requestid': requestId }).end();
  } else if (type === 'DryRun') {
    if (!lambda.has(functionName))
      throw new InvokeError('ResourceNotFoundException', `Function not found: ${functionName}`);
    response.writeHead(204).end();
  } else {
    const clientContext = decodedContext(header(request, 'x-amz-client-context'));
    const outcome = await lambda.invoke({ functionName, payload, traceHeader, clientContext });
    response.writeHead(200, {
      'content-type': 'application/json',
      'x-amzn-requestid': outcome.requestId,
      'x-amz-executed-version': '$LATEST',
      ...(outcome.functionError === undefined ? {} : { 'x-amz-function-error': outcome.functionError }),
    });
    response.end(outcome.payload);
  }
}

function jsonText(body: Buffer): string {
  if (body.length === 0) return '{}';
  const text = body.toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw new InvokeError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${(error as Error).message}`,
    );
  }
}

function decodedContext(context: string | undefined): unknown {
  if (context === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(context, 'base64').toString('utf8'));
  } catch {
    throw new InvokeError('InvalidRequestContentException', 'Could not parse the client context');
  }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function refuse(response: ServerResponse, error: InvokeError): void {
  response.writeHead(error.status, {
    'content-type': 'application/json',
    'x-amzn-errortype': error.code,
    ...(error.code === 'TooManyRequestsException' ? { 'retry-after': '1' } : {}),
  });
  const throttled =
    error.code === 'TooManyRequestsException' ? { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' } : {};
  response.end(JSON.stringify({ Type: 'User', message: error.message, Message: error.message, ...throttled }));
}
