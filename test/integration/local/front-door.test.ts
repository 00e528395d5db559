import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { FixtureApp } from '../../support/local-assembly.ts';
import { type RunningFixture, runFixture } from '../../support/local-runtime.ts';

/** What the edge function does is chosen by the path, so that one fixture shows all of it. */
const edge = `
function handler(event) {
  var request = event.request;
  var name = request.uri.substring(4);
  if (name === 'refused') return { statusCode: 451, statusDescription: 'No' };
  if (name === 'throws') throw new Error('edge');
  if (name === 'loops') { for (;;) {} }
  if (name === 'nothing') return null;
  if (name === 'forbidden') request.headers['x-amz-cf-id'] = { value: 'mine' };
  request.uri = '/live';
  request.querystring = { name: { value: name } };
  return request;
}`;

const app: FixtureApp = {
  functions: {
    echo: {
      code: `export const handler = async (event) => (console.log(event.requestContext.eventType, event.queryStringParameters?.name), { statusCode: Number(event.queryStringParameters?.status ?? 200), headers: { 'x-own': 'kept', 'x-frame-options': 'replaced' }, body: JSON.stringify(event) });`,
    },
  },
  http: { 'ANY /api/{proxy+}': 'echo' },
  webSocket: { $connect: 'echo', $default: 'echo' },
  returnResponse: ['$default'],
  edge,
  site: { 'index.html': '<h1>page</h1>', 'app.abc123.js': 'let a = 1', 'odd name.css': 'a{}', 'sub/deep.json': '{}' },
  errorResponses: [{ ErrorCode: 403, ResponseCode: 200, ResponsePagePath: '/index.html' }],
};

let fixture: RunningFixture;
beforeAll(async () => {
  fixture = await runFixture(app);
});
afterAll(() => fixture.stop());

const get = (path: string, init?: RequestInit): Promise<Response> => fetch(`${fixture.runtime.url}${path}`, init);

describe('objects of the bucket', () => {
  it.each([
    ['/', 'text/html', '<h1>page</h1>'],
    ['/app.abc123.js', 'text/javascript', 'let a = 1'],
    ['/odd%20name.css', 'text/css', 'a{}'],
    ['/sub/deep.json', 'application/json', '{}'],
  ])('%s comes as %s', async (path, type, body) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await response.text()).toBe(body);
  });

  it('have an ETag that saves the second transfer', async () => {
    const etag = (await get('/')).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
    const again = await get('/', { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  });

  it('come without a body for HEAD', async () => {
    const response = await get('/', { method: 'HEAD' });
    expect(response.headers.get('content-length')).toBe('13');
    expect(await response.text()).toBe('');
  });

  it.each(['/missing.js', '/..%2f..%2fetc%2fpasswd', '/%ff', '/sub'])(
    'missing ones (%s) get the error page of the distribution',
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(200);
      expect(await response.text()).toBe('<h1>page</h1>');
    },
  );

  it('take no other methods than those of the behaviour', async () => {
    expect((await get('/', { method: 'POST', body: 'x' })).status).toBe(403);
  });
});

describe('response headers', () => {
  it('are added by the policy of the behaviour, and only there', async () => {
    expect(Object.fromEntries((await get('/')).headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'x-served-by': 'fixture',
    });
    const api = await get('/api/x');
    expect(api.headers.get('x-served-by')).toBeNull();
    expect(api.headers.get('x-own')).toBe('kept');
  });
});

describe('the way to an API', () => {
  it("keeps the viewer's headers, cookies and query, not its Host, and adds the origin's headers", async () => {
    const event = (await (
      await get('/api/x?a=1', { headers: { authorization: 'Bearer t', cookie: 'c=1' } })
    ).json()) as Record<string, unknown>;
    expect(event).toMatchObject({
      rawPath: '/api/x',
      rawQueryString: 'a=1',
      cookies: ['c=1'],
      headers: { authorization: 'Bearer t', 'x-origin': 'secret' },
    });
    expect((event.headers as Record<string, string>).host).not.toContain('localhost');
  });

  it("goes through the distribution's error pages as well", async () => {
    expect(await (await get('/api/x?status=403')).text()).toBe('<h1>page</h1>');
    expect((await get('/api/x?status=404')).status).toBe(404);
  });
});

describe('a CloudFront Function', () => {
  const connect = (name: string, query = ''): Promise<WebSocket | number> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`${fixture.runtime.url.replace('http', 'ws')}/ws/${name}${query}`, {
        headers: { cookie: 'a=1; b=2', 'X-Twice': 'yes' },
      });
      socket.on('open', () => resolve(socket));
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => undefined);
    });

  it('changes the path and the query that the origin gets', async () => {
    const socket = await connect('some-name', '?q=x');
    expect(socket).toBeInstanceOf(WebSocket);
    if (socket instanceof WebSocket) socket.close();
    expect(fixture.lines).toContain('CONNECT some-name');
  });

  it.each([
    ['refused', 451],
    ['throws', 503],
    ['loops', 503],
    ['nothing', 502],
    ['forbidden', 502],
  ])('that answers itself or fails (%s) ends the request with %i', async (name, status) => {
    expect(await connect(name)).toBe(status);
  });
});
