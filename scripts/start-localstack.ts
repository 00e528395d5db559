import { connect } from 'node:net';

/**
 * Starts the product on DynamoDB and S3 in LocalStack and on the Kafka beside it, as docker-compose.localstack.yml
 * lays them out. Addresses in the environment go before the ones below.
 */
const compose = 'docker compose -f docker-compose.localstack.yml up --detach --wait';
const localstack = 'http://127.0.0.1:4566';
const defaults = {
  AWS_ENDPOINT_URL_DYNAMODB: localstack,
  AWS_ENDPOINT_URL_S3: localstack,
  KAFKA_BROKERS: '127.0.0.1:9092',
  // Apart from the embedded parts' data: other tables, other topics.
  DATA_DIR: '.switchboard-localstack',
};

/** What is wrong with a service, or undefined. */
type Check = () => Promise<string | undefined>;

for (const [name, value] of Object.entries(defaults)) process.env[name] ||= value;
const { AWS_ENDPOINT_URL_DYNAMODB = '', AWS_ENDPOINT_URL_S3 = '', KAFKA_BROKERS = '' } = process.env;

const checks: readonly Check[] = [
  () => localstackServes('dynamodb', AWS_ENDPOINT_URL_DYNAMODB),
  () => localstackServes('s3', AWS_ENDPOINT_URL_S3),
  () => kafkaListens(KAFKA_BROKERS),
];
const problems = (await Promise.all(checks.map((check) => check()))).filter((problem) => problem !== undefined);
if (problems.length > 0) {
  console.error(`${problems.join('\n')}\nStart them with: ${compose}`);
  process.exitCode = 1;
} else {
  await import('../local/main.ts');
}

async function localstackServes(service: string, endpoint: string): Promise<string | undefined> {
  try {
    const response = await fetch(new URL('/_localstack/health', endpoint), { signal: AbortSignal.timeout(5000) });
    const { services } = (await response.json()) as { services: Readonly<Record<string, string>> };
    const state = services[service];
    if (state === 'running' || state === 'available') return undefined;
    return `LocalStack at ${endpoint} has no ${service}: it says "${state}"`;
  } catch {
    return `LocalStack's ${service} does not answer at ${endpoint}`;
  }
}

/** The runtime speaks Kafka's protocol itself and says what is wrong there; here, only whether anyone is at home. */
async function kafkaListens(brokers: string): Promise<string | undefined> {
  const [first = ''] = brokers.split(',');
  const at = first.lastIndexOf(':');
  const socket = connect({ host: first.slice(0, at), port: Number(first.slice(at + 1)), timeout: 5000 });
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  socket.once('connect', () => resolve(undefined));
  for (const event of ['error', 'timeout']) socket.once(event, () => resolve(`Kafka does not answer at ${first}`));
  return await promise.finally(() => socket.destroy());
}
