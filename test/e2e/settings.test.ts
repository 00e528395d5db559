import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/real-parts/free-port.ts';
import { runToEnd } from '../support/product.ts';

describe.concurrent('a start that cannot work ends at once, with one line that names the setting', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'switchboard-settings-'));
    return () => rm(folder, { recursive: true, force: true });
  });

  /** Ends with an error and without a stack; returns the line that names the setting. */
  async function refusal(setting: string, env: Readonly<Record<string, string>>): Promise<string> {
    const { code, output } = await runToEnd(env);
    expect(output).not.toMatch(/^\s+at /m);
    expect(output).not.toContain('Switchboard is ready');
    expect(code).toBe(1);
    const lines = output.split('\n').filter((line) => line.includes(setting));
    expect(lines, output).toHaveLength(1);
    return lines[0] ?? '';
  }

  it('when the port is in use', async () => {
    const server = createServer().listen(0);
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    expect(await refusal('PORT', { PORT: String(port), DATA_DIR: join(folder, 'port') })).toContain(String(port));
    server.close();
  });

  it('when the port is no port', async () => {
    await refusal('PORT', { PORT: 'eight thousand', DATA_DIR: join(folder, 'no-port') });
  });

  it('when there is no Kafka at KAFKA_BROKERS', async () => {
    const brokers = `127.0.0.1:${await freePort()}`;
    const env = { KAFKA_BROKERS: brokers, PORT: String(await freePort()), DATA_DIR: join(folder, 'kafka') };
    expect(await refusal('KAFKA_BROKERS', env)).toContain(brokers);
  });

  it('when the data folder is not ours', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, 'not a folder');
    await refusal('DATA_DIR', { DATA_DIR: file, PORT: String(await freePort()) });
  });

  it('when AUTH is neither guest nor open', async () => {
    await refusal('AUTH', { AUTH: 'maybe', PORT: String(await freePort()), DATA_DIR: join(folder, 'auth') });
  });
});
