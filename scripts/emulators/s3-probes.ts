import type { Probe } from './comparison.ts';

/** An S3 that holds the page, and a running product that serves it from there. */
export interface S3Target {
  readonly endpoint: string;
  readonly bucket: string;
  readonly url: string;
}

/** What the page needs of S3. Unsigned: what a caller without rights sees. */
export const s3Probes: readonly Probe<S3Target>[] = [
  {
    what: 'S3: type and caching of an object are those of its upload',
    aws: 'text/html, no-cache',
    observe: async ({ endpoint, bucket }) => {
      const { headers } = await fetch(`${endpoint}/${bucket}/index.html`);
      return `${headers.get('content-type')}, ${headers.get('cache-control')}`;
    },
  },
  {
    what: 'S3: `If-None-Match` with the ETag that was given',
    aws: '304',
    observe: async ({ endpoint, bucket }) => {
      const object = `${endpoint}/${bucket}/index.html`;
      const etag = (await fetch(object)).headers.get('etag') ?? '';
      return String((await fetch(object, { headers: { 'if-none-match': etag } })).status);
    },
  },
  {
    what: 'S3: an object without the right to read it',
    aws: '403',
    observe: async ({ endpoint, bucket }) => String((await fetch(`${endpoint}/${bucket}/index.html`)).status),
  },
  {
    what: 'S3: a missing key without the right to list',
    aws: '403',
    observe: async ({ endpoint, bucket }) => String((await fetch(`${endpoint}/${bucket}/nothing`)).status),
  },
  {
    what: 'the page through the front door, out of S3',
    aws: '200, with a content security policy',
    observe: async ({ url }) => {
      const { status, headers } = await fetch(url);
      return `${status}, ${headers.has('content-security-policy') ? 'with a' : 'without'} content security policy`;
    },
  },
];
