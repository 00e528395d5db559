import { once } from 'node:events';
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { FixtureApp } from '../../support/local-assembly.ts';
import { type RunningFixture, runFixture } from '../../support/local-runtime.ts';

const eventually = { timeout: 10_000, interval: 20 };

const post = `
const post = (connectionId, body) => fetch(process.env.CALLBACK_URL + '/@connections/' + encodeURIComponent(connectionId), { method: 'POST', body });`;

const app: FixtureApp = {
  functions: {
    connect: {
      code: `${post}
export const handler = async (event) => {
  const { mode = 'fine' } = event.queryStringParameters ?? {};
  console.log('CONNECT ' + JSON.stringify(event));
  if (mode === 'throws') throw new Error('no');
  if (mode === 'posts') console.log('POSTED ' + (await post(event.requestContext.connectionId, 'x')).status);
  if (mode === 'nothing') return;
  const status = Number(mode);
  return { statusCode: status || 200, headers: event.headers['Sec-WebSocket-Protocol'] ? { 'Sec-WebSocket-Protocol': 'chosen' } : {} };
};`,
      properties: {
        Environment: {
          Variables: {
            CALLBACK_URL: {
              'Fn::Join': [
                '',
                [
                  'https://',
                  { Ref: 'SocketApi' },
                  '.execute-api.',
                  { Ref: 'AWS::Region' },
                  '.',
                  { Ref: 'AWS::URLSuffix' },
                  '/live',
                ],
              ],
            },
          },
        },
      },
    },
    disconnect: {
      code: `export const handler = async (event) => { console.log('DISCONNECT ' + JSON.stringify(event)); return { statusCode: 200 }; };`,
    },
    message: {
      code: `export const handler = async (event) => {
  if (event.body === 'throw') throw new Error('secret');
  if (event.body === 'malformed') return 'text';
  if (event.body === 'silent') return { statusCode: 200 };
  if (event.body === 'bad') return { statusCode: 500, body: 'still sent' };
  if (event.body === 'slow') await new Promise((r) => setTimeout(r, 3000));
  if (event.body === 'large') return { statusCode: 200, body: 'x'.repeat(131072) };
  if (event.body === 'too large') return { statusCode: 200, body: 'x'.repeat(131073) };
  if (event.body.startsWith('wait')) await new Promise((r) => setTimeout(r, Number(event.body.slice(4))));
  return { statusCode: 200, body: event.body.length > 1000 ? String(event.body.length) : JSON.stringify(event) };
};`,
      properties: { Timeout: 10 },
    },
    mute: { code: `export const handler = async () => ({ statusCode: 200, body: 'never seen' });` },
  },
  webSocket: {
    $connect: 'connect',
    $disconnect: 'disconnect',
    $default: 'message',
    mute: 'mute',
    muteFails: 'message',
  },
  returnResponse: ['$default'],
  integrationTimeout: 500,
};

/** A WebSocket with its messages and its end. */
interface Client {
  readonly socket: WebSocket;
  readonly messages: string[];
  readonly closed: Promise<{ code: number; reason: string }>;
  next(): Promise<string>;
}

let fixture: RunningFixture;
let url: string;
beforeAll(async () => {
  fixture = await runFixture(app);
  const [api] = fixture.runtime.model.webSocketApis;
  url = `${fixture.runtime.endpointsUrl.replace('http', 'ws')}/execute-api/${api?.apiId}/live`;
});
afterAll(() => fixture.stop());

async function open(query = '', protocols: string[] = [], address = url): Promise<Client> {
  const socket = new WebSocket(`${address}${query}`, protocols);
  const messages: string[] = [];
  let taken = 0;
  socket.on('message', (data) => messages.push(String(data)));
  const closed = once(socket, 'close').then(([code, reason]) => ({ code: code as number, reason: String(reason) }));
  await once(socket, 'open');
  return {
    socket,
    messages,
    closed,
    next: async () => {
      taken += 1;
      await expect.poll(() => messages.length, eventually).toBeGreaterThanOrEqual(taken);
      return messages[taken - 1] ?? '';
    },
  };
}

function refusal(query: string, address = url): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${address}${query}`);
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
    socket.on('error', () => undefined);
    socket.on('open', () => resolve(undefined));
  });
}

/** The last event of this kind that a function logged, of this connection when one is given. */
function logged(kind: string, connectionId = ''): Record<string, unknown> {
  const line = fixture.lines.findLast((found) => found.startsWith(`${kind} {`) && found.includes(connectionId)) ?? '{}';
  return JSON.parse(line.slice(line.indexOf('{'))) as Record<string, unknown>;
}

/** The id of the connection opened last. */
const connectionId = () => (logged('CONNECT').requestContext as { connectionId: string }).connectionId;

describe('the handshake', () => {
  it('runs $connect with headers and query, which no later event has', async () => {
    const client = await open('?session_id=abc&x=1&x=2');
    expect(logged('CONNECT')).toMatchObject({
      headers: {
        Host: expect.stringContaining('.execute-api.'),
        'Sec-WebSocket-Version': '13',
        'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-/),
      },
      multiValueHeaders: { 'Sec-WebSocket-Version': ['13'] },
      queryStringParameters: { session_id: 'abc', x: '2' },
      multiValueQueryStringParameters: { session_id: ['abc'], x: ['1', '2'] },
      isBase64Encoded: false,
      requestContext: {
        routeKey: '$connect',
        eventType: 'CONNECT',
        messageDirection: 'IN',
        stage: 'live',
        connectionId: expect.stringMatching(/^[\w-]{15}=$/),
        connectedAt: expect.any(Number),
        requestId: expect.any(String),
        requestTime: expect.stringMatching(/\+0000$/),
        requestTimeEpoch: expect.any(Number),
        identity: { sourceIp: expect.any(String) },
        apiId: expect.any(String),
        domainName: expect.any(String),
      },
    });
    expect(logged('CONNECT')).not.toHaveProperty('body');
    client.socket.close();
  });

  it.each([401, 403, 404, 500])("is refused with the function's status code %i", async (status) => {
    expect(await refusal(`?mode=${status}`)).toBe(status);
  });

  it.each(['throws', 'nothing'])('is refused with 502 when $connect %s', async (mode) => {
    expect(await refusal(`?mode=${mode}`)).toBe(502);
  });

  it('is refused with 403 at another path than the stage', async () => {
    expect(await refusal('', `${url}/more`)).toBe(403);
  });

  it('takes the subprotocol that the function chose', async () => {
    const client = await open('', ['other', 'chosen']);
    expect(client.socket.protocol).toBe('chosen');
    client.socket.close();
  });

  it('is not yet a connection that can be posted to', async () => {
    const client = await open('?mode=posts');
    expect(fixture.lines).toContain('POSTED 410');
    client.socket.close();
  });
});

describe('the end of a connection', () => {
  it('runs $disconnect with code and reason', async () => {
    const client = await open();
    const id = connectionId();
    client.socket.close(4001, 'bye');
    await client.closed;
    await expect
      .poll(() => logged('DISCONNECT', id), eventually)
      .toMatchObject({
        headers: { Host: expect.any(String) },
        requestContext: {
          routeKey: '$disconnect',
          eventType: 'DISCONNECT',
          disconnectStatusCode: 4001,
          disconnectReason: 'bye',
        },
      });
  });

  it('runs $disconnect for a client that is gone without a word', async () => {
    const client = await open();
    const id = connectionId();
    client.socket.terminate();
    await expect
      .poll(() => logged('DISCONNECT', id), eventually)
      .toMatchObject({ requestContext: { connectionId: id, disconnectStatusCode: 1006 } });
  });
});

describe('messages', () => {
  it('go to $default with their text, and its answer comes back by the route response', async () => {
    const client = await open();
    for (const text of ['hello', '{"no":"action"}', '{"action":"unknown"}']) {
      client.socket.send(text);
      expect(JSON.parse(await client.next())).toMatchObject({
        body: text,
        isBase64Encoded: false,
        requestContext: {
          routeKey: '$default',
          eventType: 'MESSAGE',
          messageId: expect.any(String),
          messageDirection: 'IN',
        },
      });
    }
    expect(JSON.parse(client.messages[0] ?? '')).not.toHaveProperty('headers');
    client.socket.close();
  });

  it('on a route without a route response are answered with nothing', async () => {
    const client = await open();
    client.socket.send('{"action":"mute"}');
    client.socket.send('silent');
    client.socket.send('last');
    expect(JSON.parse(await client.next())).toMatchObject({ body: 'last' });
    client.socket.close();
  });

  it.each([
    ['throw', 'Internal server error'],
    ['malformed', 'Internal server error'],
    ['too large', 'Internal server error'],
    ['slow', 'Endpoint request timed out'],
  ])('whose function fails (%s) are answered with an error frame, and the socket stays open', async (text, message) => {
    const client = await open();
    client.socket.send(text);
    const frame = JSON.parse(await client.next()) as Record<string, unknown>;
    expect(frame).toEqual({
      message,
      connectionId: expect.stringMatching(/=$/),
      requestId: expect.stringMatching(/=$/),
    });
    client.socket.send('after');
    expect(JSON.parse(await client.next())).toMatchObject({ body: 'after' });
    client.socket.close();
  });

  it('are answered whatever the status code says', async () => {
    const client = await open();
    client.socket.send('bad');
    expect(await client.next()).toBe('still sent');
    client.socket.close();
  });

  it('of one socket are handed to functions side by side', async () => {
    const client = await open();
    client.socket.send('wait400');
    client.socket.send('wait0');
    expect(JSON.parse(await client.next())).toMatchObject({ body: 'wait0' });
    expect(JSON.parse(await client.next())).toMatchObject({ body: 'wait400' });
    client.socket.close();
  });
});

describe('limits', () => {
  it('a frame of 32 KB and a message of 128 KB go through', async () => {
    const client = await open();
    client.socket.send('x'.repeat(32_768));
    expect(await client.next()).toBe('32768');
    for (const part of [0, 1, 2, 3]) client.socket.send('x'.repeat(32_768), { fin: part === 3 });
    expect(await client.next()).toBe('131072');
    client.socket.send('large');
    expect(await client.next()).toHaveLength(131_072);
    client.socket.close();
  });

  it('a longer frame closes with 1009', async () => {
    const client = await open();
    client.socket.send('x'.repeat(32_769));
    expect(await client.closed).toMatchObject({ code: 1009 });
    expect(client.messages).toEqual([]);
  });

  it('a longer message closes with 1009', async () => {
    const client = await open();
    for (const part of [0, 1, 2, 3, 4]) client.socket.send('x'.repeat(30_000), { fin: part === 4 });
    expect(await client.closed).toMatchObject({ code: 1009 });
  });

  it('a binary frame closes with 1003', async () => {
    const client = await open();
    client.socket.send(Buffer.from('text'));
    expect(await client.closed).toMatchObject({ code: 1003 });
  });

  it('ten minutes without traffic, and two hours in all, close with 1001', async () => {
    const short = await runFixture(app, { webSocketLimits: { idleMs: 150, lifeMs: 100_000 } });
    const shortLife = await runFixture(app, { webSocketLimits: { idleMs: 100_000, lifeMs: 250 } });
    const address = ({ runtime }: RunningFixture) =>
      `${runtime.endpointsUrl.replace('http', 'ws')}/execute-api/${runtime.model.webSocketApis[0]?.apiId}/live`;
    const idle = await open('', [], address(short));
    const lively = await open('', [], address(shortLife));
    const beat = setInterval(() => lively.socket.send('silent'), 50);
    expect(await idle.closed).toMatchObject({ code: 1001 });
    expect(await lively.closed).toMatchObject({ code: 1001 });
    clearInterval(beat);
    await Promise.all([short.stop(), shortLife.stop()]);
  });
});

describe('@connections, called by the AWS SDK', () => {
  let client: ApiGatewayManagementApiClient;
  beforeAll(() => {
    client = new ApiGatewayManagementApiClient({
      endpoint: url.replace('ws', 'http'),
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
    });
  });
  afterAll(() => client.destroy());
  const post = (ConnectionId: string, Data: string | Uint8Array) =>
    client.send(new PostToConnectionCommand({ ConnectionId, Data }));

  it('posts text to the socket', async () => {
    const receiver = await open();
    await post(connectionId(), 'grüße');
    expect(await receiver.next()).toBe('grüße');
    receiver.socket.close();
  });

  it('takes 128 KB and no more', async () => {
    const receiver = await open();
    await post(connectionId(), 'x'.repeat(131_072));
    expect(await receiver.next()).toHaveLength(131_072);
    await expect(post(connectionId(), 'x'.repeat(131_073))).rejects.toMatchObject({
      name: 'PayloadTooLargeException',
      $metadata: { httpStatusCode: 413 },
    });
    receiver.socket.close();
  });

  it('says Gone for a connection that is closed or never was', async () => {
    const receiver = await open();
    const id = connectionId();
    receiver.socket.close();
    await receiver.closed;
    await expect.poll(() => post(id, 'x').then(String, (error: Error) => error.name), eventually).toBe('GoneException');
    await expect(post('L0SM9cOFvHcCIhw=', 'x')).rejects.toMatchObject({
      name: 'GoneException',
      $metadata: { httpStatusCode: 410 },
    });
  });

  it('says 400 for what is no connection id, and 403 at the wrong stage', async () => {
    await expect(post('not an id', 'x')).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
    const wrong = await fetch(
      `${url.replace('ws', 'http').replace('/live', '/dead')}/@connections/L0SM9cOFvHcCIhw%3D`,
      { method: 'POST', body: 'x' },
    );
    expect(wrong.status).toBe(403);
  });

  it('tells of a connection, and ends it', async () => {
    const receiver = await open();
    const ConnectionId = connectionId();
    const facts = await client.send(new GetConnectionCommand({ ConnectionId }));
    expect(facts.ConnectedAt).toBeInstanceOf(Date);
    expect(facts.LastActiveAt).toBeInstanceOf(Date);
    expect(facts.Identity).toMatchObject({ SourceIp: expect.any(String) });
    await client.send(new DeleteConnectionCommand({ ConnectionId }));
    expect(await receiver.closed).toMatchObject({ code: 1000 });
    await expect(post(ConnectionId, 'x')).rejects.toMatchObject({ name: 'GoneException' });
  });
});
