import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { exitOnSignals } from './exit-on-signals.ts';
import { findChromium } from './real-parts/chromium.ts';
import { startDynamoDbLocal } from './real-parts/dynamodb-local.ts';
import { startRealKafka } from './real-parts/kafka.ts';
import { MissingPartError } from './real-parts/missing-part.ts';

/**
 * Runs the contract, end-to-end and chaos suites on a real Apache Kafka and DynamoDB Local, and the UI suite in a real
 * Chromium. Parts whose addresses are in the environment are used as they are. Arguments go to vitest.
 */
const root = join(import.meta.dirname, '..');
const cacheDir = join(root, '.cache', 'real-parts');
const stops: (() => Promise<void>)[] = [];

async function kafkaBrokers(): Promise<string> {
  const given = process.env.KAFKA_BROKERS;
  if (given) return say(`Kafka: ${given}, as given by KAFKA_BROKERS`, given);
  const started = performance.now();
  const kafka = await startRealKafka(cacheDir);
  stops.push(kafka.stop);
  return say(`Kafka: ${kafka.brokers}, started in ${since(started)}`, kafka.brokers);
}

async function dynamodbEndpoint(): Promise<string> {
  const given = process.env.AWS_ENDPOINT_URL_DYNAMODB;
  if (given) return say(`DynamoDB: ${given}, as given by AWS_ENDPOINT_URL_DYNAMODB`, given);
  const started = performance.now();
  const dynamodb = await startDynamoDbLocal(cacheDir);
  stops.push(dynamodb.stop);
  return say(`DynamoDB Local: ${dynamodb.endpoint}, started in ${since(started)}`, dynamodb.endpoint);
}

function say<T>(line: string, value: T): T {
  console.log(line);
  return value;
}

function since(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

/** @returns vitest's exit code */
async function runSuites(env: Readonly<Record<string, string>>, projects: readonly string[]): Promise<number> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  // One file at a time: two products on one Kafka would read each other's records.
  const args = [
    vitest,
    'run',
    '--no-file-parallelism',
    ...projects.map((name) => `--project=${name}`),
    ...process.argv.slice(2),
  ];
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  process.once('exit', () => child.kill());
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
}

async function main(): Promise<number> {
  const chromium = findChromium();
  console.log(chromium ? `Chromium: ${chromium}` : 'Chromium: none found, so the UI suite does not run');
  if (!chromium && process.env.CI === 'true') throw new MissingPartError('CI needs Chromium: apt-get install chromium');
  const env = {
    SWITCHBOARD_PARTS: 'real',
    KAFKA_BROKERS: await kafkaBrokers(),
    AWS_ENDPOINT_URL_DYNAMODB: await dynamodbEndpoint(),
    ...(chromium ? { CHROMIUM_PATH: chromium } : {}),
  };
  return await runSuites(env, ['contract', 'e2e', 'chaos', ...(chromium ? ['ui'] : [])]);
}

exitOnSignals();
try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof MissingPartError)) throw error;
  console.error(`${error.message}\nOr point KAFKA_BROKERS and AWS_ENDPOINT_URL_DYNAMODB at servers of your own.`);
  process.exitCode = 1;
} finally {
  await Promise.all(stops.map((stop) => stop()));
}
