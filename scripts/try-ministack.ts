import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startKafka } from '../local/kafka/start.ts';
import { createLog } from '../local/log.ts';
import { demoModelName, startDemoModel } from '../local/model/start.ts';
import { prepare } from '../local/prepare.ts';
import { createRuntime } from '../local/runtime.ts';
import { readModel } from '../local/template/read-model.ts';
import { ChatClient } from '../test/support/chat-client.ts';
import { chatProbes } from './emulators/chat-probes.ts';
import { compare, printRows, type Row, seen } from './emulators/comparison.ts';
import { ministackVersion, startMinistack } from './emulators/ministack.ts';
import { writeMinistackAssembly } from './emulators/ministack-assembly.ts';
import { invokerOf, startAsyncSide, startFrontDoor, startPollers } from './emulators/ministack-service.ts';
import { startRealKafka } from './real-parts/kafka.ts';
import { MissingPartError } from './real-parts/missing-part.ts';

/**
 * `npm run try:ministack`: deploys the stateless part and the tables to ministack by the CDK CLI, from the templates and
 * bundles that go to AWS, chats through its WebSocket API with our poller and a real Kafka beside it, and prints what
 * agreed with AWS's documentation and what did not. Everything is installed into `.cache/ministack`, once.
 */
const root = join(import.meta.dirname, '..');
const folder = join(root, '.cache', 'ministack');
const stage = 'dev';
const originSecret = 'ministack-knows-this-value';
const run = promisify(execFile);
const stops: (() => unknown)[] = [];
const log = createLog(() => undefined, 'error');

async function kafkaBrokers(): Promise<string> {
  if (process.env.KAFKA_BROKERS) return process.env.KAFKA_BROKERS;
  const kafka = await startRealKafka(join(root, '.cache', 'real-parts'));
  stops.push(kafka.stop);
  return kafka.brokers;
}

/** The CDK CLI on ministack. It caches the account by access key, so the key is this run's own. */
async function cdk(endpoint: string, ...args: string[]): Promise<string> {
  const started = performance.now();
  const { PATH = '', HOME = '' } = process.env;
  const env = {
    PATH,
    HOME,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ACCESS_KEY_ID: `ministack${process.pid}`,
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    CI: 'true',
  };
  const cli = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const all = [cli, ...args, '--app', join(folder, 'cdk.out'), '--no-notices', '--no-version-reporting'];
  await run(process.execPath, all, { cwd: folder, env, maxBuffer: 1 << 26 }).catch(
    (error: { stdout?: string; stderr?: string }) => {
      throw new Error(
        `cdk ${args[0]} failed:\n${`${error.stdout ?? ''}${error.stderr ?? ''}`.split('\n').slice(-12).join('\n')}`,
      );
    },
  );
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

async function main(): Promise<void> {
  const data = join(folder, 'data');
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  const brokers = await kafkaBrokers();
  const ministack = await startMinistack(folder);
  stops.push(ministack.stop);
  const model = await startDemoModel({ log, pace: { firstMs: 50, tokenMs: 5 } });
  stops.push(model.stop);
  console.log(
    `Kafka at ${brokers}, ministack ${ministackVersion} at ${ministack.endpoint}, demo model at ${model.baseUrl}`,
  );

  const from = await prepare({ root, progress: console.log });
  const invoke = invokerOf(ministack.endpoint);
  const cloud = readModel(from, { kafkaBrokers: brokers, kafkaIncarnation: 'ministack' });
  const asyncSide = await startAsyncSide(cloud, ministack.endpoint, invoke, data);
  stops.push(() => asyncSide.stop());
  const leftOut = writeMinistackAssembly({
    from,
    to: join(folder, 'cdk.out'),
    stage,
    endpoint: ministack.endpoint,
    environment: {
      KAFKA_BROKERS: brokers,
      KAFKA_AUTH: 'none',
      ORIGIN_SECRET: originSecret,
      OPENAI_MODEL: demoModelName,
    },
    everywhere: {
      AWS_ENDPOINT_URL_LAMBDA: asyncSide.url,
      OPENAI_API_KEY: 'none',
      OPENAI_BASE_URL: model.baseUrl,
    },
  });
  console.log('\nLeft out of the templates:');
  for (const { type, count, reason } of leftOut) console.log(`  ${String(count).padStart(2)} ${type}: ${reason}`);
  console.log(`\ncdk bootstrap: ${await cdk(ministack.endpoint, 'bootstrap')}`);
  const outputsFile = join(folder, 'outputs.json');
  const took = await cdk(
    ministack.endpoint,
    'deploy',
    '--all',
    '--require-approval',
    'never',
    '--outputs-file',
    outputsFile,
  );
  console.log(`cdk deploy --all: ${took}`);

  const outputs = JSON.parse(readFileSync(outputsFile, 'utf8')) as Record<string, Record<string, string>>;
  const { SocketApiId = '', HttpApiUrl = '' } = outputs[`Switchboard-${stage}-Service`] ?? {};
  const ids = { socket: SocketApiId, http: /\/\/([^.]+)\./.exec(HttpApiUrl)?.[1] ?? '' };
  const kafka = await startKafka({ brokers, topics: cloud.topics, log });
  stops.push(kafka.stop);
  stops.push(startPollers(cloud, kafka, invoke));
  const door = await startFrontDoor(cloud, ministack.endpoint, ids, originSecret);
  stops.push(door.stop);
  const ours = await createRuntime({ assemblyDir: from, dataDir: join(data, 'ours') });
  stops.push(() => ours.stop());
  console.log(`Chatting through ${door.url} (ministack) and ${ours.url} (our runtime)`);

  const rows: Row[] = [
    {
      what: 'CDK CLI: bootstrap, deploy of tables, functions and APIs',
      aws: 'deploys',
      emulator: 'deploys',
      ours: '-',
    },
    ...(await compare(chatProbes, { url: door.url }, { url: ours.url })),
    {
      what: 'destination of an asynchronous call that succeeded',
      aws: 'invoked',
      emulator: await seen(async () => {
        asyncSide.passOn = true;
        const client = new ChatClient(door.url);
        const { session_id } = await client.createSession();
        const socket = await client.connect(session_id);
        const { message_id } = await socket.send('Does it come back?');
        const ended = await socket.end(message_id, 10_000).then(
          () => true,
          () => false,
        );
        return ended ? 'invoked' : 'never invoked (our queue does it instead)';
      }),
      // Seen in every turn above.
      ours: '-',
    },
  ];
  printRows(`ministack ${ministackVersion}`, rows);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof MissingPartError ? error.message : error);
  process.exitCode = 1;
} finally {
  for (const stop of stops.reverse()) await stop();
}
