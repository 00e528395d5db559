import { type HttpRequest, type HttpResponse, json } from '../../http/message.ts';
import { InvokeError } from '../../lambda/invoke-error.ts';
import type { Lambda } from '../../lambda/lambda.ts';
import { newTraceHeader } from '../../lambda/lineage.ts';
import type { HttpApiSpec, RouteSpec } from '../../template/model.ts';
import { gatewayId } from '../request-id.ts';
import { within } from '../within.ts';
import { httpEvent } from './event.ts';
import { httpResponse } from './response.ts';
import { createRouteMatcher } from './route-match.ts';

/** Bytes of a request's body that an HTTP API takes. */
export const httpBodyLimit = 10_485_760;

export interface HttpApiOptions {
  readonly spec: HttpApiSpec;
  readonly lambda: Pick<Lambda, 'invoke'>;
  readonly accountId: string;
  readonly region: string;
}

export interface HttpApi {
  readonly apiId: string;
  /** Never rejects: what goes wrong is answered as API Gateway answers it. */
  handle(request: HttpRequest): Promise<HttpResponse>;
}

/** An HTTP API with Lambda proxy integrations. */
export function createHttpApi({ spec, lambda, accountId, region }: HttpApiOptions): HttpApi {
  const match = createRouteMatcher(spec.routes);
  const domainName = `${spec.apiId}.execute-api.${region}.amazonaws.com`;

  const answer = async (route: RouteSpec, event: unknown, traceHeader: string): Promise<HttpResponse> => {
    const invocation = lambda.invoke({ functionName: route.functionName, payload: JSON.stringify(event), traceHeader });
    const outcome = await within(invocation, route.timeoutMs);
    if (outcome === undefined) return json(503, { message: 'Service Unavailable' });
    const response = outcome.functionError === undefined ? httpResponse(outcome.payload) : undefined;
    return response ?? json(500, { message: 'Internal Server Error' });
  };

  return {
    apiId: spec.apiId,
    async handle(request) {
      const requestId = gatewayId();
      const tagged = (response: HttpResponse): HttpResponse => ({
        ...response,
        headers: [...response.headers, ['apigw-requestid', requestId]],
      });
      const path = withoutStage(request.path, spec.stage);
      const found = path === undefined ? undefined : match(request.method, path);
      if (found === undefined) return tagged(json(404, { message: 'Not Found' }));
      if (request.body.length > httpBodyLimit) return tagged(tooLarge());
      const traceHeader = newTraceHeader();
      const now = Date.now();
      const { apiId, stage } = spec;
      const event = httpEvent({
        request,
        match: found,
        apiId,
        domainName,
        accountId,
        stage,
        requestId,
        traceHeader,
        now,
      });
      return tagged(await answer(found.route, event, traceHeader).catch(refused));
    },
  };
}

export function tooLarge(): HttpResponse {
  return json(413, { message: 'Request Entity Too Large' });
}

function refused(error: unknown): HttpResponse {
  if (error instanceof InvokeError && error.code === 'RequestTooLargeException') return tooLarge();
  if (error instanceof InvokeError && error.code === 'TooManyRequestsException')
    return json(503, { message: 'Service Unavailable' });
  return json(500, { message: 'Internal Server Error' });
}

/** Any stage but `$default` stands at the beginning of the path. */
function withoutStage(path: string, stage: string): string | undefined {
  if (stage === '$default') return path;
  if (path === `/${stage}`) return '/';
  return path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : undefined;
}
