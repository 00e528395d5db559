import { describe, expect, it } from 'vitest';
import { createEdgeFunction } from '../../../local/front-door/edge-function.ts';
import type { HttpRequest } from '../../../local/http/message.ts';
import { createLog } from '../../../local/log.ts';

const request: HttpRequest = {
  method: 'GET',
  path: '/ws/a%20b',
  query: 'q=%20x&q=2&flag',
  headers: [
    ['Host', 'localhost:8000'],
    ['Cookie', 'a=1; b=2'],
    ['Accept', 'x'],
    ['Accept', 'y'],
  ],
  body: Buffer.alloc(0),
  sourceIp: '127.0.0.1',
};
const lines: string[] = [];
const run = (body: string) =>
  createEdgeFunction(
    `function handler(event) { var request = event.request; ${body} }`,
    'd1.cloudfront.net',
    createLog((line) => lines.push(line)),
  )(request);

describe('a CloudFront Function', () => {
  it('sees the event of runtime 2.0', async () => {
    const outcome = await run(`return { statusCode: 200, body: JSON.stringify(event) }`);
    const event = JSON.parse('response' in outcome ? outcome.response.body.toString('utf8') : '');
    expect(event).toEqual({
      version: '1.0',
      context: {
        distributionDomainName: 'd1.cloudfront.net',
        distributionId: expect.any(String),
        eventType: 'viewer-request',
        requestId: expect.any(String),
      },
      viewer: { ip: '127.0.0.1' },
      request: {
        method: 'GET',
        uri: '/ws/a%20b',
        querystring: { q: { value: '%20x', multiValue: [{ value: '%20x' }, { value: '2' }] }, flag: { value: '' } },
        headers: {
          host: { value: 'localhost:8000' },
          accept: { value: 'x', multiValue: [{ value: 'x' }, { value: 'y' }] },
        },
        cookies: { a: { value: '1' }, b: { value: '2' } },
      },
    });
  });

  it('hands back the request as it is, or changed', async () => {
    expect(await run('return request;')).toMatchObject({ request: { path: '/ws/a%20b', query: 'q=%20x&q=2&flag' } });
    const changed =
      await run(`request.uri = '/live'; request.querystring = { id: { value: 'x' } }; request.cookies = { c: { value: '3' } };
      request.headers['x-forwarded-host'] = { value: request.headers.host.value }; return request;`);
    expect(changed).toMatchObject({ request: { path: '/live', query: 'id=x' } });
    expect('request' in changed && changed.request.headers).toEqual(
      expect.arrayContaining([
        ['x-forwarded-host', 'localhost:8000'],
        ['cookie', 'c=3'],
      ]),
    );
  });

  it('answers in the place of the origin', async () => {
    const outcome =
      await run(`return { statusCode: 302, headers: { location: { value: '/x' } }, cookies: { a: { value: '1', attributes: 'Path=/' } },
      body: { encoding: 'base64', data: 'aGk=' } };`);
    expect(outcome).toEqual({
      response: {
        status: 302,
        headers: [
          ['location', '/x'],
          ['set-cookie', 'a=1; Path=/'],
        ],
        body: Buffer.from('hi'),
      },
    });
  });

  it('may be asynchronous, and may write to the log', async () => {
    const edge = createEdgeFunction(
      'async function handler(event) { console.log("seen", 1); return event.request; }',
      'd',
      createLog((line) => lines.push(line)),
    );
    expect(await edge(request)).toMatchObject({ request: { path: '/ws/a%20b' } });
    expect(lines.at(-1)).toContain('seen 1');
  });

  it('has nothing of Node around it', async () => {
    const outcome = await run(
      `return { statusCode: 200, body: [typeof process, typeof fetch, typeof setTimeout, typeof globalThis.global].join() }`,
    );
    expect('response' in outcome && outcome.response.body.toString()).toBe('undefined,undefined,undefined,undefined');
  });

  it.each([
    ['throws', 'throw new Error("x");', 503],
    ['never ends', 'for (;;) ;', 503],
    ['returns nothing', '', 502],
    ['makes a path without a slash', 'request.uri = "live"; return request;', 502],
    ['sets a header that is not its own', 'request.headers["x-amz-cf-id"] = { value: "x" }; return request;', 502],
    ['changes the Host', 'request.headers.host = { value: "x" }; return request;', 502],
  ])('that %s answers with an error', async (_, body, status) => {
    expect(await run(body)).toMatchObject({ response: { status } });
  });
});
