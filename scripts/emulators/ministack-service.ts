import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { startEventSource } from '../../local/event-source/start.ts';
import { createFrontDoor, type FrontDoor } from '../../local/front-door/front-door.ts';
import type { HttpApi } from '../../local/gateway/http-api/http-api.ts';
import { listen } from '../../local/http/listen.ts';
import type { HttpRequest } from '../../local/http/message.ts';
import type { Kafka } from '../../local/kafka/start.ts';
import { serveInvoke } from '../../local/lambda/api/invoke-route.ts';
import { AsyncQueue } from '../../local/lambda/async/queue.ts';
import type { Outcome } from '../../local/lambda/worker/function-worker.ts';
import { createLog } from '../../local/log.ts';
import { startPublicServer } from '../../local/public-server.ts';
import type { CloudModel, DistributionSpec } from '../../local/template/model.ts';

const quiet = createLog(() => undefined, 'error');

/** Invokes a function of ministack and waits, as the event source and the asynchronous queue do on AWS. */
export function invokerOf(endpoint: string) {
  return async (functionName: string, payload: string): Promise<Outcome & { readonly requestId: string }> => {
    const response = await fetch(`${endpoint}/2015-03-31/functions/${functionName}/invocations`, {
      method: 'POST',
      body: payload,
    });
    const text = (await response.text()) || 'null';
    const failed = response.headers.has('x-amz-function-error') || !response.ok;
    return { requestId: randomUUID(), payload: text, ...(failed ? { functionError: 'Unhandled' } : {}) };
  };
}
type Invoke = ReturnType<typeof invokerOf>;

/**
 * Lambda's asynchronous side for functions that ministack runs: it knows destinations of failures only, and our turn
 * needs those of successes. `passOn`: hand asynchronous calls to ministack as they are, to see what it does.
 */
export async function startAsyncSide(model: CloudModel, endpoint: string, invoke: Invoke, folder: string) {
  const queue = new AsyncQueue({
    journalFile: join(folder, 'async-invocations.jsonl'),
    functions: new Map(model.functions.map((spec) => [spec.name, spec])),
    attempt: async ({ functionName, payload }, onStart) => {
      onStart();
      return invoke(functionName, payload);
    },
    retryDelaysMs: [1000, 2000],
    log: quiet,
  });
  const side = { url: '', passOn: false, stop: () => {} };
  const lambda = {
    has: (name: string) => model.functions.some((spec) => spec.name === name),
    invoke: async (request: { functionName: string; payload: string }) => invoke(request.functionName, request.payload),
    invokeAsync: ({ functionName, payload }: { functionName: string; payload: string }): string => {
      if (!side.passOn) return queue.accept(functionName, payload, 'Root=1-0-0');
      void fetch(`${endpoint}/2015-03-31/functions/${functionName}/invocations`, {
        method: 'POST',
        headers: { 'x-amz-invocation-type': 'Event' },
        body: payload,
      });
      return randomUUID();
    },
  };
  const server = createServer((request, response) => void serveInvoke(request, response, lambda));
  side.url = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}`;
  side.stop = () => {
    queue.stop();
    server.close();
    server.closeAllConnections();
  };
  return side;
}

/** Our pollers, from Kafka to functions of ministack. */
export function startPollers(model: CloudModel, kafka: Kafka, invoke: Invoke): () => Promise<void> {
  const sources = model.eventSources.map((spec) =>
    startEventSource({
      spec,
      brokers: kafka.brokers,
      invoke: async (functionName, event) => {
        const { payload, functionError } = await invoke(functionName, JSON.stringify(event));
        return { payload: JSON.parse(payload) as unknown, ...(functionError === undefined ? {} : { functionError }) };
      },
      produce: kafka.produce,
      log: quiet,
    }),
  );
  return async () => void (await Promise.all(sources.map((source) => source.stop())));
}

/** Ids that ministack gave to the APIs. */
export interface ApiIds {
  readonly http: string;
  readonly socket: string;
}

/** Our front door, its behaviours and edge functions, before the APIs in ministack. */
export async function startFrontDoor(model: CloudModel, endpoint: string, ids: ApiIds, originSecret: string) {
  const [distribution] = model.distributions;
  const [http, socket] = [model.httpApis[0]?.apiId, model.webSocketApis[0]?.apiId];
  if (distribution === undefined || http === undefined || socket === undefined)
    throw new Error('the template has no APIs');
  const door: FrontDoor = createFrontDoor({
    distribution: withSecret(distribution, originSecret),
    buckets: model.buckets,
    httpApis: new Map([
      [http, { handle: (request) => forward(request, `${endpoint}/_aws/execute-api/${ids.http}/$default`) }],
    ]),
    webSocketApis: new Map([
      [
        socket,
        {
          handshake: async (_request: IncomingMessage, stream: Duplex, head: Buffer, to: Handshake) =>
            tunnel(stream, head, new URL(endpoint), { ...to, path: `/_aws/execute-api/${ids.socket}${to.path}` }),
        },
      ],
    ]),
    log: quiet,
  });
  const server = await startPublicServer(0, () => door, quiet);
  return { url: `http://localhost:${server.port}`, stop: () => server.close() };
}

type Handshake = Pick<HttpRequest, 'path' | 'query' | 'headers'>;

function withSecret(distribution: DistributionSpec, originSecret: string): DistributionSpec {
  const behaviors = distribution.behaviors.map((behavior) =>
    behavior.origin.kind === 'bucket'
      ? behavior
      : { ...behavior, origin: { ...behavior.origin, headers: { 'x-origin-verify': originSecret } } },
  );
  return { ...distribution, behaviors };
}

async function forward(request: HttpRequest, base: string): ReturnType<HttpApi['handle']> {
  const dropped = ['connection', 'content-length', 'transfer-encoding', 'keep-alive', 'expect'];
  const headers = request.headers.filter(([name]) => !dropped.includes(name.toLowerCase()));
  const body = request.body.length > 0 ? { body: new Uint8Array(request.body) } : {};
  const query = request.query === '' ? '' : `?${request.query}`;
  const url = `${base}${request.path}${query}`;
  const response = await fetch(url, {
    method: request.method,
    headers: headers.map(([name, value]) => [name, value]),
    ...body,
  });
  const kept = [...response.headers].filter(
    ([name]) => !['content-length', 'content-encoding', ...dropped].includes(name),
  );
  return { status: response.status, headers: kept, body: Buffer.from(await response.arrayBuffer()) };
}

/** Hands a handshake and all that follows on to ministack, byte by byte. */
function tunnel(stream: Duplex, head: Buffer, endpoint: URL, { path, query, headers }: Handshake): void {
  const target = connect(Number(endpoint.port), endpoint.hostname);
  const fields = [['Host', endpoint.host] as const, ...headers]
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  target.write(`GET ${path}?${query} HTTP/1.1\r\n${fields}\r\n`);
  target.write(head);
  stream.pipe(target).pipe(stream);
  for (const [one, other] of [
    [stream, target],
    [target, stream],
  ] as const)
    one.on('error', () => other.destroy()).on('close', () => other.destroy());
}
