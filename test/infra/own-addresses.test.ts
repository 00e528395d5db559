import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { listen } from '../../local/http/listen.ts';
import { ownAddressKnocks } from '../../scripts/smoke/own-addresses.ts';
import { sorted } from './support.ts';

/** Both APIs in one: answers everything with a status, handshakes too (101: they are accepted). */
async function apis(status: number) {
  const seen: string[] = [];
  const note = ({ method, url, headers }: IncomingMessage) => seen.push(`${method} ${url} ${headers.authorization}`);
  const server = createServer((request, response) => {
    note(request);
    response.writeHead(status === 101 ? 200 : status).end('{}');
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    note(request);
    if (status === 101) sockets.handleUpgrade(request, socket, head, () => undefined);
    else socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
  });
  onTestFinished(() => void server.close());
  const host = `127.0.0.1:${await listen(server, 0, '127.0.0.1')}`;
  return { seen, addresses: { apiUrl: `http://${host}`, socketUrl: `ws://${host}/chat` } };
}

const sessionId = randomUUID();

async function outcomes(addresses: Parameters<typeof ownAddressKnocks>[0]): Promise<string[]> {
  return await Promise.all(
    ownAddressKnocks(addresses, sessionId, 'token').map(([, check]) =>
      check().then(
        () => 'ok',
        (error: Error) => error.message,
      ),
    ),
  );
}

describe('the smoke test’s knocks at the APIs’ own addresses', () => {
  test('hold where every function says 403, and come as the owner of the session', async () => {
    const { seen, addresses } = await apis(403);
    expect(await outcomes(addresses)).toEqual(['ok', 'ok', 'ok']);
    expect(sorted(seen)).toEqual([
      'GET /api/sessions Bearer token',
      `GET /chat?session_id=${sessionId} Bearer token`,
      `POST /api/sessions/${sessionId}/messages Bearer token`,
    ]);
  });

  test('fail where one answers, or refuses for another reason', async () => {
    expect(await outcomes((await apis(101)).addresses)).toEqual(['status 200', 'status 200', 'accepted']);
    expect(await outcomes((await apis(401)).addresses)).toEqual(['status 401', 'status 401', 'status 401']);
  });

  test('are left out where nothing is known of such addresses', async () => {
    expect(ownAddressKnocks({}, sessionId, 'token')).toEqual([]);
  });
});
