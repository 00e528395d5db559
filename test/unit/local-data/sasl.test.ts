import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { Cluster } from '../../../local/kafka/wire/cluster.ts';

/** A broker of a few lines: takes requests, and answers the n-th with the n-th body. */
async function brokerOf(bodies: readonly Buffer[]) {
  const requests: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on('data', (request) => {
      const body = bodies[requests.length] ?? Buffer.alloc(2);
      requests.push(request);
      const answer = Buffer.concat([Buffer.alloc(4), request.subarray(8, 12), body]);
      answer.writeInt32BE(answer.length - 4);
      socket.write(answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { requests, cluster: (token: string) => clusterAt(port, token), stop: () => server.close() };
}

function clusterAt(port: number, token: string): Cluster {
  return new Cluster(`127.0.0.1:${port}`, { timeoutMs: 1_000, security: { tls: false, token: async () => token } });
}

const fine = Buffer.from([0, 0, 0, 0, 0, 0]);

it('shows a bearer token before anything else is asked', async () => {
  const broker = await brokerOf([fine, Buffer.from([0, 0, 0xff, 0xff, 0, 0, 0, 0]), fine]);
  const cluster = broker.cluster('the-token');
  await cluster.refresh([]).catch(() => undefined);
  expect(broker.requests.map((request) => request.readInt16BE(4))).toEqual([17, 36, 3]);
  expect(String(broker.requests[0])).toContain('OAUTHBEARER');
  expect(String(broker.requests[1])).toContain('n,,\u0001auth=Bearer the-token\u0001\u0001');
  cluster.close();
  broker.stop();
});

it('passes on why a broker refuses', async () => {
  const words = 'Access denied';
  const refusal = Buffer.concat([Buffer.from([0, 58, 0, words.length]), Buffer.from(words)]);
  const broker = await brokerOf([fine, refusal]);
  const cluster = broker.cluster('wrong');
  await expect(cluster.refresh([])).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED', message: words });
  cluster.close();
  broker.stop();
});
