import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFrontend } from '../../../frontend/build.ts';
import { FakeServer } from './fake-server.ts';

// `node test/support/fake-server/run.ts [port]`: the page on a server in memory, for working on it.
const site = await mkdtemp(join(tmpdir(), 'switchboard-page-'));
const { gzipBytes } = await buildFrontend({ outDir: site, minify: process.argv[3] === 'minify' });
const server = await new FakeServer({ site, port: Number(process.argv[2] ?? 8001) }).start();
console.log(`${server.url} (${gzipBytes} bytes gzipped)`);
