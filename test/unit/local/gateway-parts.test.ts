// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation and API Gateway.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesPattern } from '../../../local/front-door/path-pattern.ts';
import { createRouteMatcher } from '../../../local/gateway/http-api/route-match.ts';
import { createFrameLengths } from '../../../local/gateway/websocket/frame-lengths.ts';
import { selectRoute } from '../../../local/gateway/websocket/route-selection.ts';
import { extendLineage, newTraceHeader } from '../../../local/lambda/lineage.ts';

describe('path patterns of CloudFront', () => {
  it.each([
    ['/api/*', '/api/sessions', true],
    ['/api/*', '/api/', true],
    ['/api/*', '/api', false],
    ['api/*', '/api/x', true],
    ['*.jpg', '/a/b.jpg', true],
    ['/a?c', '/abc', true],
    ['/a?c', '/ac', false],
    ['/API/*', '/api/x', false],
    ['/a.b', '/aXb', false],
    ['*', '/anything', true],
  ])('%s and %s: %s', (pattern, path, expected) => expect(matchesPattern(pattern, path)).toBe(expected));
});

describe('route selection of an HTTP API', () => {
  const keys = [
    'ANY /api/{proxy+}',
    'POST /api/sessions/{id}/messages',
    'GET /api/sessions/{id}',
    'ANY /api/sessions/{id}',
    'GET /api/sessions/new',
  ];
  const match = createRouteMatcher(keys.map((routeKey) => ({ routeKey, functionName: 'f', timeoutMs: 1 })));

  it.each([
    ['POST', '/api/sessions/1/messages', 'POST /api/sessions/{id}/messages', { id: '1' }],
    ['GET', '/api/sessions/1/messages', 'ANY /api/{proxy+}', { proxy: 'sessions/1/messages' }],
    ['GET', '/api/sessions/a%20b', 'GET /api/sessions/{id}', { id: 'a b' }],
    ['PATCH', '/api/sessions/1', 'ANY /api/sessions/{id}', { id: '1' }],
    ['GET', '/api/sessions/new', 'GET /api/sessions/new', {}],
  ])('%s %s goes to %s', (method, path, routeKey, pathParameters) => {
    expect(match(method, path)).toMatchObject({ route: { routeKey }, pathParameters });
  });

  it('finds nothing for other paths, unless there is a $default route', () => {
    expect(match('GET', '/api')).toBeUndefined();
    const all = createRouteMatcher([{ routeKey: '$default', functionName: 'f', timeoutMs: 1 }]);
    expect(all('GET', '/x')?.route.routeKey).toBe('$default');
  });
});

describe('route selection of a WebSocket API', () => {
  it.each([
    ['{"action":"ping"}', 'ping'],
    ['{"action":7}', '7'],
    ['{"other":1}', undefined],
    ['hello', undefined],
    ['"action"', undefined],
    ['{"action":{"a":1}}', undefined],
    ['null', undefined],
  ])('%s selects %s', (body, expected) => expect(selectRoute('$request.body.action', body)).toBe(expected));

  it('joins several fields', () => {
    expect(selectRoute('${request.body.a.b}-${request.body.c}', '{"a":{"b":"x"},"c":"y"}')).toBe('x-y');
    expect(selectRoute('${request.body.a.b}-${request.body.c}', '{"c":"y"}')).toBeUndefined();
  });
});

describe('the lengths of frames', () => {
  /** A masked client frame. */
  const frame = (length: number): Buffer => {
    const size =
      length < 126
        ? Buffer.of(0x80 | length)
        : Buffer.alloc(length < 65_536 ? 3 : 9, 0x80 | (length < 65_536 ? 126 : 127));
    if (size.length === 3) size.writeUInt16BE(length, 1);
    if (size.length === 9) size.writeBigUInt64BE(BigInt(length), 1);
    return Buffer.concat([Buffer.of(0x81), size, Buffer.from([1, 2, 3, 4]), Buffer.alloc(length, 0x81)]);
  };

  it('are seen however the bytes are cut into pieces', () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 700 }), (sizes, piece) => {
        const bytes = Buffer.concat(sizes.map(frame));
        const exceeds = createFrameLengths(1000);
        let seen = false;
        for (let at = 0; at < bytes.length; at += piece) seen = exceeds(bytes.subarray(at, at + piece)) || seen;
        expect(seen).toBe(sizes.some((size) => size > 1000));
      }),
      { numRuns: 100 },
    );
  });

  it('are known from the header alone, before the payload is there', () => {
    expect(createFrameLengths(32_768)(frame(70_000).subarray(0, 14))).toBe(true);
  });
});

describe('the lineage of invocations', () => {
  it('counts each function of a chain by itself', () => {
    let header = newTraceHeader();
    const counts: number[] = [];
    for (const arn of ['a', 'b', 'a', 'b', 'a']) {
      const next = extendLineage(header, arn);
      header = next.header;
      counts.push(next.count);
    }
    expect(counts).toEqual([1, 1, 2, 2, 3]);
    expect(header).toMatch(
      /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0;Lineage=[0-9a-f]{8}:3\|[0-9a-f]{8}:2$/,
    );
  });
});
