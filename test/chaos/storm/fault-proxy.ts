import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { type DynamoDbFaults, type Fault, faultSource } from '../../../local/dynamodb/faults.ts';

/** Stands before a DynamoDB that works, and lets it misbehave. */
export interface FaultProxy {
  readonly endpoint: string;
  setFaults(faults: DynamoDbFaults | undefined): void;
  stop(): Promise<void>;
}

const throttled = JSON.stringify({
  __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
  message: 'throttled by the test',
});

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  let decide: (operation: string) => Fault = () => 'none';
  let delayMs = 0;
  const server = createServer((request, response) => {
    const operation =
      String(request.headers['x-amz-target'] ?? '')
        .split('.')
        .at(-1) ?? '';
    const fault = decide(operation);
    if (fault === 'throttle') response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(throttled);
    else if (fault !== 'loseRequest')
      setTimeout(() => pass(target, request, response, fault), fault === 'delay' ? delayMs : 0);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    setFaults(faults) {
      decide = faults ? faultSource(faults) : () => 'none';
      delayMs = faults?.delayMs ?? 0;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function pass(target: string, request: IncomingMessage, response: ServerResponse, fault: Fault): void {
  const { method, headers, url } = request;
  const onward = forward(new URL(url ?? '/', target), { method: method ?? 'POST', headers }, (answer) => {
    if (fault === 'loseAnswer') {
      answer.resume();
      return;
    }
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}
