import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedDynamoDb, startDynamoDb } from '../../../local/dynamodb/start.ts';
import { callDynamoDb } from '../../../local/dynamodb/table-client.ts';
import type { TableSpec } from '../../../local/template/model.ts';
import { keptLog } from '../../support/local-kafka.ts';

const caller = { region: 'us-east-1', accessKeyId: 'offline' };

const sessions: TableSpec = {
  name: 'sessions',
  logicalId: 'Sessions',
  keySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  attributeDefinitions: ['pk', 'sk', 'owner'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
  globalSecondaryIndexes: [
    {
      IndexName: 'owner',
      KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
  ttlAttribute: 'expires_at',
};

const key = (pk: string) => ({ pk: { S: pk }, sk: { S: '1' } });

let dataDir: string;
let started: { stop(): Promise<void> }[] = [];
const { log, lines } = keptLog();

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'switchboard-data-'));
});

afterEach(async () => {
  await Promise.all(started.map((store) => store.stop()));
  started = [];
  await rm(dataDir, { recursive: true, force: true });
});

async function start(tables: readonly TableSpec[] = [sessions]): Promise<EmbeddedDynamoDb> {
  const store = await startDynamoDb({ dataDir, tables, log, sweepEveryMs: 20 });
  started.push(store);
  return store;
}

async function stop(store: EmbeddedDynamoDb): Promise<void> {
  started = started.filter((other) => other !== store);
  await store.stop();
}

const call = ({ endpoint }: { endpoint: string }, operation: string, input: object) =>
  callDynamoDb(endpoint, caller, operation, { TableName: 'sessions', ...input });

const put = (store: { endpoint: string }, pk: string, more: object = {}) =>
  call(store, 'PutItem', { Item: { ...key(pk), ...more } });

const has = async (store: { endpoint: string }, pk: string) =>
  Object.keys((await call(store, 'GetItem', { Key: key(pk), ConsistentRead: true })) as object).length > 0;

describe('the embedded DynamoDB', () => {
  it('has the template’s tables, indexes and time to live when it is ready', async () => {
    const store = await start();
    await put(store, 's1', { owner: { S: 'ada' } });
    const query = { IndexName: 'owner', KeyConditionExpression: '#o = :o' };
    const values = { ExpressionAttributeNames: { '#o': 'owner' }, ExpressionAttributeValues: { ':o': { S: 'ada' } } };
    expect(await call(store, 'Query', { ...query, ...values })).toMatchObject({ Items: [key('s1')] });
    expect(await call(store, 'DescribeTimeToLive', {})).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expires_at' },
    });
  });

  it('keeps its tables over a restart', async () => {
    const first = await start();
    await put(first, 's1');
    await stop(first);
    const second = await start();
    expect(await has(second, 's1')).toBe(true);
  });

  it('loses nothing that it acknowledged when its process is killed', async () => {
    const child = spawn(process.execPath, ['test/support/run-dynamodb.ts', dataDir, JSON.stringify([sessions])], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [endpoint] = (await once(child.stdout, 'data')) as [Buffer];
    const running = { endpoint: String(endpoint).trim() };
    let acknowledged = 0;
    const writing = (async () => {
      for (let n = 0; n < 10_000; n += 1) {
        await put(running, `s${n}`, { filler: { S: 'x'.repeat(500) } });
        acknowledged = n + 1;
        if (acknowledged === 100) child.kill('SIGKILL');
      }
    })();
    await expect(writing).rejects.toThrow();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    const store = await start();
    expect(acknowledged).toBeGreaterThanOrEqual(100);
    for (let n = 0; n < acknowledged; n += 1) expect(await has(store, `s${n}`)).toBe(true);
  });

  it('deletes items whose time has passed, and no others', async () => {
    const store = await start();
    const seconds = Math.floor(Date.now() / 1000);
    await put(store, 'past', { expires_at: { N: String(seconds - 1) } });
    await put(store, 'future', { expires_at: { N: String(seconds + 1000) } });
    await put(store, 'text', { expires_at: { S: '1' } });
    await put(store, 'none');
    await expect.poll(() => has(store, 'past'), { interval: 10, timeout: 5000 }).toBe(false);
    for (const pk of ['future', 'text', 'none']) expect(await has(store, pk)).toBe(true);
  });

  it('answers for time to live as the API does', async () => {
    const store = await start();
    const specify = (Enabled: boolean) => ({ TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled } });
    await expect(call(store, 'UpdateTimeToLive', specify(true))).rejects.toMatchObject({ code: 'ValidationException' });
    expect(await call(store, 'UpdateTimeToLive', specify(false))).toEqual(specify(false));
    expect(await call(store, 'DescribeTimeToLive', {})).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' },
    });
    const unknown = callDynamoDb(store.endpoint, caller, 'DescribeTimeToLive', { TableName: 'nothing' });
    await expect(unknown).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it('goes on when a client breaks off in the middle of a request', async () => {
    const store = await start();
    const { port, hostname } = new URL(store.endpoint);
    for (let n = 0; n < 5; n += 1) {
      const socket = connect({ port: Number(port), host: hostname });
      await once(socket, 'connect');
      socket.write(
        'POST / HTTP/1.1\r\nhost: x\r\nx-amz-target: DynamoDB_20120810.PutItem\r\ncontent-length: 50\r\n\r\n{',
      );
      socket.destroy();
      await once(socket, 'close');
    }
    await put(store, 'after');
    expect(await has(store, 'after')).toBe(true);
  });

  it('disturbs a share of the requests when a test asks for it, and stops when it is asked to', async () => {
    const store = await start();
    store.setFaults({ seed: 7, throttle: 0.5, operations: ['PutItem'] });
    const outcomes = [];
    for (let n = 0; n < 40; n += 1) {
      outcomes.push(
        await put(store, `s${n}`).then(
          () => 'ok',
          (error: { code: string }) => error.code,
        ),
      );
    }
    expect(new Set(outcomes)).toEqual(new Set(['ok', 'ProvisionedThroughputExceededException']));
    for (const [n, outcome] of outcomes.entries()) expect(await has(store, `s${n}`)).toBe(outcome === 'ok');
    store.setFaults(undefined);
    for (let n = 0; n < 20; n += 1) await put(store, `s${n}`);
  });

  it('can lose a request before, or its answer after, it was carried out', async () => {
    const store = await start();
    const answered = async (promise: Promise<unknown>) =>
      Promise.race([promise.then(() => true), new Promise((resolve) => setTimeout(resolve, 100, false))]);
    store.setFaults({ seed: 1, loseRequest: 1, operations: ['PutItem'] });
    expect(await answered(put(store, 'lost'))).toBe(false);
    store.setFaults({ seed: 1, loseAnswer: 1, operations: ['PutItem'] });
    expect(await answered(put(store, 'done'))).toBe(false);
    store.setFaults({ seed: 1, delay: 1, delayMs: 30, operations: ['PutItem'] });
    expect(await answered(put(store, 'late'))).toBe(true);
    store.setFaults(undefined);
    expect([await has(store, 'lost'), await has(store, 'done'), await has(store, 'late')]).toEqual([false, true, true]);
  });
});

describe('DATA_DIR', () => {
  const refusal = (what: RegExp) => ({
    name: 'StartupError',
    setting: 'DATA_DIR',
    message: expect.stringMatching(new RegExp(`^DATA_DIR=${dataDir} [^\\n]*${what.source}[^\\n]*$`)),
  });

  it('that another runtime uses is refused in one line', async () => {
    await start();
    await expect(start()).rejects.toMatchObject(refusal(/is in use by another runtime/));
  });

  it.each([
    ['the list of files is garbage', /^CURRENT$/, 'garbage'],
    ['the manifest is garbage', /^MANIFEST/, 'garbage'],
    ['the manifest is gone', /^MANIFEST/, 'gone'],
    ['a table file is garbage', /\.ldb$/, 'garbage'],
    ['a table file is cut short', /\.ldb$/, 'cut'],
    ['a table file is gone', /\.ldb$/, 'gone'],
    ['the log is garbage', /\.log$/, 'garbage'],
  ])('where %s is refused in one line', async (_, file, how) => {
    const first = await start();
    await put(first, 's1');
    await stop(first);
    const second = await start();
    await put(second, 's2', { filler: { S: 'x'.repeat(1000) } });
    await stop(second);
    const folder = join(dataDir, 'dynamodb');
    const [name] = (await readdir(folder)).filter((entry) => file.test(entry));
    const path = join(folder, name ?? '');
    if (how === 'gone') await rm(path);
    else if (how === 'cut') await truncate(path, 20);
    else await writeFile(path, Buffer.alloc(4000, 0x5a));
    await expect(start()).rejects.toMatchObject(refusal(/is damaged: .*; move it away or choose another folder/));
  });

  it('with a log cut short by a kill is no damage', async () => {
    const first = await start();
    for (let n = 0; n < 20; n += 1) await put(first, `s${n}`);
    await stop(first);
    const folder = join(dataDir, 'dynamodb');
    const log = (await readdir(folder)).find((entry) => entry.endsWith('.log')) ?? '';
    await truncate(join(folder, log), (await stat(join(folder, log))).size - 5);
    const second = await start();
    expect([await has(second, 's0'), await has(second, 's18'), await has(second, 's19')]).toEqual([true, true, false]);
  });

  it('with a table that was being made in the moment of a kill is no damage', async () => {
    await stop(await start());
    const { Level } = createRequire(import.meta.resolve('dynalite'))('level');
    const level = new Level(join(dataDir, 'dynamodb'), { valueEncoding: 'json' });
    const table = await level.get('table~sessions');
    table.TableStatus = 'CREATING';
    for (const index of table.GlobalSecondaryIndexes) index.IndexStatus = 'CREATING';
    await level.put('table~sessions', table);
    await level.close();
    const store = await start();
    await put(store, 's1');
    expect(await has(store, 's1')).toBe(true);
  });

  it('that is a file is refused in one line', async () => {
    await rm(dataDir, { recursive: true });
    await writeFile(dataDir, 'not a folder');
    await expect(start()).rejects.toMatchObject(refusal(/cannot be written/));
  });

  it('with tables of another shape is refused in one line', async () => {
    await stop(await start());
    const other = { ...sessions, globalSecondaryIndexes: [] };
    await expect(
      start([{ ...other, attributeDefinitions: sessions.attributeDefinitions.slice(0, 2) }]),
    ).rejects.toMatchObject(refusal(/table sessions has other indexes than the template/));
  });
});

describe('AWS_ENDPOINT_URL_DYNAMODB', () => {
  it('gets the missing tables, and keeps those it has', async () => {
    const store = await start([]);
    const connected = () => startDynamoDb({ endpoint: store.endpoint, dataDir, tables: [sessions], log });
    await connected();
    expect(lines.join('\n')).toContain('created the tables sessions at http://127.0.0.1:');
    await put(store, 's1');
    await connected();
    expect(await has(store, 's1')).toBe(true);
  });

  it('that nobody answers at gives one line with its name', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    server.close();
    await once(server, 'close');
    await expect(startDynamoDb({ endpoint, dataDir, tables: [sessions], log })).rejects.toMatchObject({
      setting: 'AWS_ENDPOINT_URL_DYNAMODB',
      message: expect.stringMatching(/^AWS_ENDPOINT_URL_DYNAMODB=http:\S+ cannot be used: [^\n]*ECONNREFUSED[^\n]*$/),
    });
  });

  it('that is no address gives one line with its name', async () => {
    await expect(startDynamoDb({ endpoint: 'nonsense', dataDir, tables: [sessions], log })).rejects.toMatchObject({
      setting: 'AWS_ENDPOINT_URL_DYNAMODB',
      message: expect.stringMatching(/^AWS_ENDPOINT_URL_DYNAMODB=nonsense cannot be used: [^\n]+$/),
    });
  });
});
