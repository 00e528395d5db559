import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createS3Bucket } from '../../../local/front-door/s3-bucket.ts';
import type { BucketSpec } from '../../../local/template/model.ts';

/** The little of S3 that is used, path-style: buckets and objects with their headers. */
async function startS3() {
  const stored = new Map<string, { body: Buffer; headers: Record<string, string> }>();
  const server = createServer(async (request, response) => {
    const key = request.url ?? '';
    if (request.method === 'PUT') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { 'content-type': type = '', 'cache-control': cache = '' } = request.headers;
      stored.set(key, { body: Buffer.concat(chunks), headers: { 'content-type': type, 'cache-control': cache } });
      response.end();
      return;
    }
    const found = stored.get(key);
    if (found) response.writeHead(200, { ...found.headers, etag: '"1"', 'x-amz-id-2': 'internal' }).end(found.body);
    else response.writeHead(404).end('<Error/>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return { endpoint: `http://127.0.0.1:${port}`, stored, close: () => server.close() };
}

describe('a bucket in an S3 elsewhere', () => {
  let s3: Awaited<ReturnType<typeof startS3>>;
  let folder: string;
  let get: (path: string) => ReturnType<ReturnType<typeof createS3Bucket>>;

  beforeAll(async () => {
    s3 = await startS3();
    folder = await mkdtemp(join(tmpdir(), 'switchboard-s3-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), 'page');
    await writeFile(join(folder, 'assets', 'app one.js'), 'script');
    const all = { dir: folder, prefix: '' };
    const spec: BucketSpec = {
      name: 'site',
      logicalId: 'Site',
      sources: [
        { ...all, exclude: ['*'], include: ['index.html'], metadata: { 'cache-control': 'no-cache' } },
        { ...all, exclude: ['index.html'], include: [], metadata: { 'cache-control': 'max-age=9' } },
      ],
    };
    const bucket = createS3Bucket(spec, s3.endpoint);
    get = (path) =>
      bucket({ method: 'GET', path, query: '', headers: [], body: Buffer.alloc(0), sourceIp: '127.0.0.1' });
    return async () => {
      s3.close();
      await rm(folder, { recursive: true });
    };
  });

  it('is made, and filled with what is deployed', async () => {
    await get('/index.html');
    expect([...s3.stored.keys()].sort()).toEqual(['/site', '/site/assets/app%20one.js', '/site/index.html']);
  });

  it('gives objects with the headers that they were deployed with, and none of its own', async () => {
    const { status, headers, body } = await get('/assets/app%20one.js');
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toEqual({
      'content-type': 'text/javascript',
      'cache-control': 'max-age=9',
      etag: '"1"',
    });
    expect(body.toString()).toBe('script');
    expect(Object.fromEntries((await get('/index.html')).headers)).toMatchObject({ 'cache-control': 'no-cache' });
  });

  it('answers a missing key with 403, as to one who may not list', async () => {
    expect((await get('/nothing')).status).toBe(403);
  });
});
