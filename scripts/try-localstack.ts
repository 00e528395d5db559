import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Kafka, logLevel } from 'kafkajs';
import { prepare } from '../local/prepare.ts';
import { createRuntime } from '../local/runtime.ts';
import { ChatClient } from '../test/support/chat-client.ts';
import { chatProbes } from './emulators/chat-probes.ts';
import { compare, printRows, type Row, seen } from './emulators/comparison.ts';
import { dynamoDbProbes, dynamoDbTarget } from './emulators/dynamodb-probes.ts';
import { localstackVersion, startLocalstack } from './emulators/localstack.ts';
import { s3Probes } from './emulators/s3-probes.ts';
import { freePort } from './real-parts/free-port.ts';
import { startRealKafka } from './real-parts/kafka.ts';
import { MissingPartError } from './real-parts/missing-part.ts';

/**
 * `npm run try:localstack`: `npm run start:localstack` on what docker-compose.localstack.yml describes, without Docker:
 * LocalStack from PyPI (DynamoDB, S3) and Apache Kafka from Maven. Chats through it and prints what agreed with AWS's
 * documentation and what did not. Everything is installed into `.cache/localstack` and `.cache/real-parts`, once.
 */
const root = join(import.meta.dirname, '..');
const folder = join(root, '.cache', 'localstack');
const stops: (() => unknown)[] = [];

interface Started {
  readonly url: string;
  /** SIGTERM, as an operator does it; gives the exit code. */
  stop(): Promise<number | null>;
}

/** The command itself, in a process of its own, on these addresses. */
async function startCommand(env: Readonly<Record<string, string>>): Promise<Started> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [join(root, 'scripts', 'start-localstack.ts')], {
    cwd: root,
    env: { PATH, HOME, OPENAI_API_KEY: '', OPENAI_BASE_URL: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'exit');
  const dieWithUs = () => child.kill('SIGKILL');
  process.once('exit', dieWithUs);
  const lines: string[] = [];
  const url = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      const [, ready] = /Switchboard is ready at (\S+)/.exec(line) ?? [];
      if (ready !== undefined) url.resolve(ready);
    });
  void exit.then(() => url.reject(new Error(`start:localstack ended:\n${lines.slice(-10).join('\n')}`)));
  return {
    url: await url.promise,
    stop: async () => {
      child.kill('SIGTERM');
      const [code] = (await exit) as [number | null];
      process.off('exit', dieWithUs);
      return code;
    },
  };
}

async function kafkaBrokers(): Promise<string> {
  if (process.env.KAFKA_BROKERS) return process.env.KAFKA_BROKERS;
  const kafka = await startRealKafka(join(root, '.cache', 'real-parts'));
  stops.push(kafka.stop);
  return kafka.brokers;
}

async function partitions(brokers: string): Promise<string> {
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: ['chat-requests'] });
  await admin.disconnect();
  return String(topics[0]?.partitions.length);
}

async function main(): Promise<void> {
  const data = join(folder, 'data');
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  const brokers = await kafkaBrokers();
  const localstack = await startLocalstack(folder, join(root, '.cache', 'real-parts'));
  stops.push(localstack.stop);
  console.log(`LocalStack ${localstackVersion} at ${localstack.endpoint}, Kafka at ${brokers}`);
  const env = {
    PORT: String(await freePort()),
    DATA_DIR: join(data, 'theirs'),
    KAFKA_BROKERS: brokers,
    AWS_ENDPOINT_URL_DYNAMODB: localstack.endpoint,
    AWS_ENDPOINT_URL_S3: localstack.endpoint,
  };
  let product = await startCommand(env);
  stops.push(() => product.stop());
  const assemblyDir = await prepare({ root, progress: () => undefined });
  const ours = await createRuntime({ assemblyDir, dataDir: join(data, 'ours') });
  stops.push(() => ours.stop());
  console.log(`Chatting through ${product.url} (start:localstack) and ${ours.url} (all embedded)`);

  const template = String(ours.model.topics.find(({ name }) => name === 'chat-requests')?.partitions);
  const bucket = ours.model.buckets[0]?.name ?? '';
  const rows: Row[] = [
    ...(await compare(chatProbes, { url: product.url }, { url: ours.url })),
    {
      what: 'partitions of `chat-requests` (Kafka 4.1; ours: the embedded broker)',
      aws: template,
      emulator: await seen(() => partitions(brokers)),
      ours: await seen(() => partitions(ours.kafkaBrokers)),
    },
    ...(await compare(
      dynamoDbProbes,
      await dynamoDbTarget(localstack.endpoint),
      await dynamoDbTarget(ours.dynamodbEndpoint),
    )),
  ];
  const s3 = { endpoint: localstack.endpoint, bucket, url: product.url };
  for (const { what, aws, observe } of s3Probes)
    rows.push({ what, aws, emulator: await seen(() => observe(s3)), ours: '-' });
  rows.push({
    what: 'stopped by SIGTERM and started again: the conversation goes on',
    aws: 'goes on',
    emulator: await seen(async () => {
      const client = new ChatClient(product.url);
      const { session_id } = await client.createSession();
      await (await client.connect(session_id)).ask('My name is Ada.');
      const before = await client.transcript(session_id);
      const code = await product.stop();
      product = await startCommand(env);
      const kept = JSON.stringify(await client.transcript(session_id)) === JSON.stringify(before);
      const answer = await (await client.connect(session_id, [])).ask('What is my name?');
      const knows = String(answer.message).includes('Ada');
      return code === 0 && kept && knows ? 'goes on' : `exit ${code}, kept: ${kept}, remembered: ${knows}`;
    }),
    ours: '-',
  });
  printRows(`LocalStack ${localstackVersion}`, rows);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof MissingPartError ? error.message : error);
  process.exitCode = 1;
} finally {
  for (const stop of stops.reverse()) await stop();
}
