import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { ApiGatewaySockets } from '../../../lambdas/shared/adapters/websocket/sockets.ts';
import type { Logger } from '../../../lambdas/shared/platform/logger.ts';

process.env.AWS_REGION ??= 'us-east-1';
process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

const silent: Logger = { log: () => undefined, with: () => silent };

/** Posts once to an API that answers the n-th request with the n-th status, later ones with the last; 0 never answers. */
async function postTo(statuses: readonly number[], patienceMs?: number) {
  let requests = 0;
  const server = createServer((_request, response) => {
    const status = statuses[Math.min(requests, statuses.length - 1)] ?? 200;
    requests += 1;
    const type = status === 410 ? 'GoneException' : status === 429 ? 'LimitExceededException' : 'InternalFailure';
    if (status > 0) response.writeHead(status, { 'x-amzn-errortype': type }).end(status === 200 ? '' : '{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const sockets = new ApiGatewaySockets(`http://127.0.0.1:${port}`, silent, patienceMs);
  const started = performance.now();
  const outcome = await sockets.post('connection=', 'frame');
  server.closeAllConnections();
  server.close();
  return { outcome, requests, ms: performance.now() - started };
}

it('a push goes out once', async () => {
  expect(await postTo([200])).toMatchObject({ outcome: 'sent', requests: 1 });
});

it('a socket that is closed is told as gone, and not tried again', async () => {
  expect(await postTo([410])).toMatchObject({ outcome: 'gone', requests: 1 });
});

it('throttling and server errors are tried again', async () => {
  expect(await postTo([500, 429, 200])).toMatchObject({ outcome: 'sent', requests: 3 });
});

it('what does not take a push, or does not answer, holds nobody up for longer than its patience', async () => {
  for (const status of [503, 0]) {
    const { outcome, ms } = await postTo([status], 200);
    expect(outcome).toBe('failed');
    expect(ms).toBeLessThan(1_400);
  }
});
