import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FixtureApp } from '../../support/local-assembly.ts';
import { type RunningFixture, runFixture } from '../../support/local-runtime.ts';

const code = (body: string): { code: string } => ({ code: `export const handler = async (event) => { ${body} };` });

const app: FixtureApp = {
  functions: {
    echo: code(
      'return { statusCode: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(event) };',
    ),
    answers: code('return event.queryStringParameters?.raw ? JSON.parse(event.queryStringParameters.raw) : undefined;'),
    throws: code('throw new Error("secret detail");'),
    slow: {
      ...code('await new Promise((r) => setTimeout(r, 2000)); return { statusCode: 200 };'),
      properties: { Timeout: 5 },
    },
    throttled: { ...code('return { statusCode: 200 };'), properties: { ReservedConcurrentExecutions: 0 } },
  },
  http: {
    'ANY /api/{proxy+}': 'echo',
    'GET /api/things/{id}': 'echo',
    'GET /api/answers': 'answers',
    'GET /api/throws': 'throws',
    'GET /api/slow': 'slow',
    'GET /api/throttled': 'throttled',
  },
  integrationTimeout: 300,
  site: {},
};

let fixture: RunningFixture;
beforeAll(async () => {
  fixture = await runFixture(app);
});
afterAll(() => fixture.stop());

const call = (path: string, init?: RequestInit): Promise<Response> => fetch(`${fixture.runtime.url}${path}`, init);
const answers = (value: unknown): Promise<Response> =>
  call(`/api/answers?raw=${encodeURIComponent(JSON.stringify(value))}`);
const eventOf = async (response: Promise<Response>) => (await (await response).json()) as Record<string, unknown>;

describe('the event of an HTTP API, payload format 2.0', () => {
  it('has the route, the path, its parameters, the query and the cookies', async () => {
    const event = await eventOf(
      call('/api/things/a%20b?x=1&x=2&y=%26', { headers: { cookie: 'a=1; b=2', 'X-Mixed': 'Case' } }),
    );
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /api/things/{id}',
      rawPath: '/api/things/a%20b',
      rawQueryString: 'x=1&x=2&y=%26',
      queryStringParameters: { x: '1,2', y: '&' },
      pathParameters: { id: 'a b' },
      cookies: ['a=1', 'b=2'],
      isBase64Encoded: false,
      requestContext: {
        accountId: '123456789012',
        stage: '$default',
        routeKey: 'GET /api/things/{id}',
        http: { method: 'GET', path: '/api/things/a%20b', protocol: 'HTTP/1.1' },
        requestId: expect.any(String),
        time: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
    });
    expect(event).not.toHaveProperty('body');
    const headers = event.headers as Record<string, string>;
    expect(headers).toMatchObject({
      'x-mixed': 'Case',
      'x-forwarded-proto': 'https',
      'x-amzn-trace-id': expect.stringMatching(/^Root=1-/),
    });
    expect(headers.host).toMatch(/^[a-z0-9]{10}\.execute-api\.us-east-1\.amazonaws\.com$/);
    expect(headers).not.toHaveProperty('cookie');
  });

  it.each([
    ['application/json', '{"a":"ä"}', false],
    ['application/problem+json; charset=utf-8', '{}', false],
    ['text/plain', 'hi', false],
    ['application/x-www-form-urlencoded', 'a=b', true],
    ['application/octet-stream', 'bytes', true],
  ])('has a body of type %s as API Gateway encodes it', async (type, body, base64) => {
    const event = await eventOf(call('/api/x', { method: 'POST', headers: { 'content-type': type }, body }));
    expect(event.isBase64Encoded).toBe(base64);
    expect(Buffer.from(String(event.body), base64 ? 'base64' : 'utf8').toString('utf8')).toBe(body);
  });
});

describe("a function's answer", () => {
  it('with a status code is the response, its cookies each a header', async () => {
    const response = await answers({
      statusCode: 418,
      headers: { 'X-One': 'two', 'x-number': 3 },
      cookies: ['a=1; Path=/', 'b=2'],
      body: 'short and stout',
    });
    expect(response.status).toBe(418);
    expect(response.headers.get('x-one')).toBe('two');
    expect(response.headers.get('x-number')).toBe('3');
    expect(response.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2']);
    expect(response.headers.get('content-type')).toBe('text/plain;charset=UTF-8');
    expect(response.headers.get('apigw-requestid')).toMatch(/=$/);
    expect(await response.text()).toBe('short and stout');
  });

  it('in base64 is decoded', async () => {
    const response = await answers({
      statusCode: 200,
      isBase64Encoded: true,
      body: Buffer.from([0, 255]).toString('base64'),
    });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([0, 255]));
  });

  it('without a status code is the body of a 200', async () => {
    const response = await answers({ just: 'json' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ just: 'json' });
  });

  it.each([[{ statusCode: 'many' }], [{ statusCode: 200, body: { a: 1 } }]])(
    'that is malformed (%j) is a 500',
    async (value) => {
      const response = await answers(value);
      expect(response.status).toBe(500);
      expect(await response.text()).toBe('{"message":"Internal Server Error"}');
    },
  );
});

describe('what API Gateway answers itself', () => {
  it('404 where no route fits', async () => {
    const response = await fetch(
      `${fixture.runtime.endpointsUrl}/execute-api/${fixture.runtime.model.httpApis[0]?.apiId}/other`,
    );
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('{"message":"Not Found"}');
  });

  it('500 when the function fails, without a word of why', async () => {
    const response = await call('/api/throws');
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('{"message":"Internal Server Error"}');
  });

  it.each(['/api/slow', '/api/throttled'])(
    '503 when the function takes too long or is throttled (%s)',
    async (path) => {
      const response = await call(path);
      expect(response.status).toBe(503);
      expect(await response.text()).toBe('{"message":"Service Unavailable"}');
    },
  );

  it('413 above 10 MB, whether the length is announced or not', async () => {
    const announced = await call('/api/x', { method: 'POST', body: Buffer.alloc(10_485_761) });
    expect(announced.status).toBe(413);
    expect(await announced.text()).toBe('{"message":"Request Entity Too Large"}');
    const status = await new Promise((resolve, reject) => {
      const upload = request(`${fixture.runtime.url}/api/x`, { method: 'POST' }, (response) =>
        resolve(response.statusCode),
      );
      upload.on('error', reject);
      for (let sent = 0; sent <= 10_485_760; sent += 1_048_576) upload.write(Buffer.alloc(1_048_576));
      upload.end();
    });
    expect(status).toBe(413);
    expect((await call('/api/x')).status).toBe(200);
  });

  it("413 for what Lambda's 6 MB do not hold", async () => {
    const response = await call('/api/x', {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'x'.repeat(7_000_000),
    });
    expect(response.status).toBe(413);
  });
});
