import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { type HeaderField, type HttpRequest, type HttpResponse, headerValue } from '../http/message.ts';
import type { BucketSourceSpec, BucketSpec } from '../template/model.ts';
import { contentType } from './content-type.ts';

/** Answers requests for the objects of a bucket as S3 does behind an origin access control. */
export function createBucket(spec: BucketSpec): (request: HttpRequest) => Promise<HttpResponse> {
  const etags = new Map<string, string>();
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return failure(405, 'MethodNotAllowed');
    const key = keyOf(request.path);
    const found = key === undefined ? undefined : await findObject(spec.sources, key);
    // Without the permission to list, S3 answers a missing key with 403.
    if (found === undefined || key === undefined) return failure(403, 'AccessDenied');
    const body = await readFile(found.file);
    const version = `${found.file} ${found.modified.getTime()} ${body.length}`;
    const etag = etags.get(version) ?? `"${createHash('md5').update(body).digest('hex')}"`;
    etags.set(version, etag);
    const headers: HeaderField[] = [
      ['content-type', found.source.metadata['content-type'] ?? contentType(key)],
      ...Object.entries(found.source.metadata).filter(([name]) => name !== 'content-type'),
      ['etag', etag],
      ['last-modified', found.modified.toUTCString()],
    ];
    const known = headerValue(request.headers, 'if-none-match');
    if (known?.includes(etag)) return { status: 304, headers, body: Buffer.alloc(0) };
    return { status: 200, headers, body };
  };
}

function keyOf(path: string): string | undefined {
  try {
    return decodeURIComponent(path).replace(/^\//, '');
  } catch {
    return undefined;
  }
}

async function findObject(sources: readonly BucketSourceSpec[], key: string) {
  for (const source of sources) {
    const prefix = source.prefix === '' ? '' : `${source.prefix.replace(/\/$/, '')}/`;
    if (!key.startsWith(prefix)) continue;
    const name = key.slice(prefix.length);
    const file = join(source.dir, name);
    if (!file.startsWith(source.dir + sep) || !deployed(source, name)) continue;
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile()) return { source, file, modified: found.mtime };
  }
  return undefined;
}

/** The filters of `aws s3 sync`: the last one that fits decides, and `*` takes slashes too. */
export function deployed({ exclude, include }: BucketSourceSpec, name: string): boolean {
  const fits = (pattern: string): boolean =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
      's',
    ).test(name);
  return include.some(fits) || !exclude.some(fits);
}

function failure(status: number, code: string): HttpResponse {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>Access Denied</Message></Error>`;
  return { status, headers: [['content-type', 'application/xml']], body: Buffer.from(body) };
}
