import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import dynalite from 'dynalite';
import { closeIterators } from './close-iterators.ts';
import { type DynamoDbFaults, type Fault, faultSource } from './faults.ts';
import { LocalApi } from './local-api.ts';
import { settleTables } from './settle-tables.ts';
import type { FromStore, StoreOptions, ToStore } from './store-messages.ts';
import { TimeToLive, type UpdateInput } from './time-to-live.ts';

const { path, ttlFile, sweepEveryMs } = workerData as StoreOptions;
const post = (message: FromStore) => parentPort?.postMessage(message);

try {
  await settleTables(path);
} catch (error) {
  const { code, message } =
    (error as Error & { cause?: NodeJS.ErrnoException }).cause ?? (error as NodeJS.ErrnoException);
  post({ kind: 'unusable', code: code ?? 'UNKNOWN', message });
  process.exit(0);
}

closeIterators();
const server = dynalite({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
const api = new LocalApi(server);
const timeToLive = new TimeToLive(ttlFile, (operation, input) => api.call(operation, input));
const underWay = new Set<ServerResponse>();
let nextFault: (operation: string) => Fault = () => 'none';
let delayMs = 0;

server.removeAllListeners('request');
server.on('request', (request: IncomingMessage, response: ServerResponse) => {
  underWay.add(response);
  response.on('close', () => underWay.delete(response));
  response.on('error', () => undefined);
  const chunks: Buffer[] = [];
  request.on('error', () => undefined);
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => void answer(request, Buffer.concat(chunks), response));
});

async function answer(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
  const operation = String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
  const fault = nextFault(operation);
  if (fault === 'loseRequest') return;
  if (fault === 'throttle') return send(response, 400, throttled);
  if (fault === 'delay') await new Promise((resolve) => setTimeout(resolve, delayMs));
  if (fault === 'loseAnswer') {
    await api.call(operation, JSON.parse(body.toString()));
    return;
  }
  if (operation === 'UpdateTimeToLive' || operation === 'DescribeTimeToLive') {
    const input = JSON.parse(body.toString()) as UpdateInput;
    const outcome = await (operation === 'UpdateTimeToLive' ? timeToLive.update(input) : timeToLive.describe(input));
    return send(response, outcome.status, outcome.body);
  }
  api.forward({ method: request.method ?? 'POST', url: request.url ?? '/', headers: request.headers }, body, response);
}

const throttled = {
  __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
  message: 'The level of configured provisioned throughput for the table was exceeded (an injected fault).',
};

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}

// dynalite throws what its store throws; the requests under way get an answer, and the next one may fare better.
process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
  post({ kind: 'trouble', code: error.code ?? 'UNKNOWN', message: error.message });
  for (const response of underWay) {
    if (!response.headersSent) send(response, 500, { __type: 'InternalServerError', message: 'The store failed.' });
  }
});

parentPort?.on('message', (message: ToStore) => {
  if (message.kind === 'faults') setFaults(message.faults);
  else close();
});

function setFaults(faults: DynamoDbFaults | undefined): void {
  nextFault = faults ? faultSource(faults) : () => 'none';
  delayMs = faults?.delayMs ?? 0;
}

function close(): void {
  clearInterval(sweeper);
  server.close(() => process.exit(0));
  setTimeout(() => server.closeAllConnections(), 300).unref();
}

const sweeper = setInterval(() => void timeToLive.sweep(Date.now()), sweepEveryMs);
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => post({ kind: 'ready', port: (server.address() as AddressInfo).port }));
