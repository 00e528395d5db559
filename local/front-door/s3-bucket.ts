import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { StartupError } from '../startup-error.ts';
import type { BucketSourceSpec, BucketSpec } from '../template/model.ts';
import { deployed } from './bucket.ts';
import { contentType } from './content-type.ts';

/** Of S3's answer; the rest says more about the emulator than about the object. */
const passedOn = ['content-type', 'cache-control', 'content-encoding', 'etag', 'last-modified'];

/**
 * The same bucket in an S3 that runs elsewhere, such as LocalStack: made and filled once, as its deployment does on AWS,
 * then read with every request. Requests are not signed; emulators do not ask for it.
 * @param endpoint as in the SDK's `AWS_ENDPOINT_URL_S3`
 */
export function createS3Bucket(spec: BucketSpec, endpoint: string): (request: HttpRequest) => Promise<HttpResponse> {
  const base = `${endpoint.replace(/\/$/, '')}/${spec.name}`;
  const filled = fill(spec, base);
  // Told to whoever asks first; nobody may be there yet.
  filled.catch(() => undefined);
  return async ({ method, path, headers }) => {
    await filled;
    const conditions = headers.filter(([name]) => name.toLowerCase() === 'if-none-match');
    const response = await fetch(`${base}${path}`, {
      method,
      headers: conditions.map(([name, value]) => [name, value]),
    });
    return {
      // Without the permission to list, S3 answers a missing key with 403; emulators do not check permissions.
      status: response.status === 404 ? 403 : response.status,
      headers: passedOn.flatMap((name) => {
        const value = response.headers.get(name);
        return value === null ? [] : [[name, value] as const];
      }),
      body: Buffer.from(await response.arrayBuffer()),
    };
  };
}

async function fill({ name, sources }: BucketSpec, base: string): Promise<void> {
  await put(base, name);
  // Of two sources with the same key, the first in the list was deployed last.
  for (const source of sources.toReversed()) {
    for (const file of await filesOf(source)) {
      const prefix = source.prefix === '' ? '' : `${source.prefix.replace(/\/$/, '')}/`;
      const key = prefix + relative(source.dir, file).replaceAll(sep, '/');
      const headers = { 'content-type': contentType(key), ...source.metadata };
      await put(`${base}/${encodeURI(key)}`, key, await readFile(file), headers);
    }
  }
}

async function filesOf(source: BucketSourceSpec): Promise<string[]> {
  const entries = await readdir(source.dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => deployed(source, relative(source.dir, file).replaceAll(sep, '/')));
}

async function put(url: string, what: string, body?: Buffer, headers: Record<string, string> = {}): Promise<void> {
  const response = await fetch(url, { method: 'PUT', headers, ...(body ? { body: new Uint8Array(body) } : {}) });
  await response.arrayBuffer();
  // 409: the bucket is there, and ours.
  if (response.ok || (body === undefined && response.status === 409)) return;
  throw new StartupError('AWS_ENDPOINT_URL_S3', `AWS_ENDPOINT_URL_S3 does not take ${what}: ${response.status}`);
}
