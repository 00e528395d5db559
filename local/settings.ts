import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { StartupError } from './startup-error.ts';

/** Settings of the runtime. `environment` is the process environment over `.env`; empty values count as missing. */
export interface Settings {
  readonly port: number;
  /** Absolute. */
  readonly dataDir: string;
  readonly kafkaBrokers?: string;
  readonly dynamodbEndpoint?: string;
  readonly s3Endpoint?: string;
  readonly openAiApiKey?: string;
  readonly openAiBaseUrl?: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Reads and checks all settings at once. Throws StartupError, which names the one to change. */
export function readSettings(environment: NodeJS.ProcessEnv, root: string): Settings {
  const file = join(root, '.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const merged: Record<string, string> = {};
  for (const [name, value] of [...Object.entries(fromFile), ...Object.entries(environment)]) {
    if (value) merged[name] = value;
    // An empty variable takes back what `.env` says.
    else delete merged[name];
  }
  if (merged.AUTH !== undefined && !['guest', 'open'].includes(merged.AUTH)) {
    throw new StartupError('AUTH', `AUTH=${merged.AUTH} is neither guest nor open`);
  }
  const kafkaBrokers = brokers(merged.KAFKA_BROKERS);
  const dynamodbEndpoint = url('AWS_ENDPOINT_URL_DYNAMODB', merged.AWS_ENDPOINT_URL_DYNAMODB);
  const s3Endpoint = url('AWS_ENDPOINT_URL_S3', merged.AWS_ENDPOINT_URL_S3);
  const openAiBaseUrl = url('OPENAI_BASE_URL', merged.OPENAI_BASE_URL);
  return {
    port: port(merged.PORT),
    dataDir: resolve(root, merged.DATA_DIR ?? '.switchboard'),
    ...(kafkaBrokers === undefined ? {} : { kafkaBrokers }),
    ...(dynamodbEndpoint === undefined ? {} : { dynamodbEndpoint }),
    ...(s3Endpoint === undefined ? {} : { s3Endpoint }),
    ...(merged.OPENAI_API_KEY === undefined ? {} : { openAiApiKey: merged.OPENAI_API_KEY }),
    ...(openAiBaseUrl === undefined ? {} : { openAiBaseUrl }),
    environment: merged,
  };
}

function port(value: string | undefined): number {
  const parsed = Number(value ?? 8000);
  if (Number.isInteger(parsed) && parsed >= 0 && parsed <= 65_535) return parsed;
  throw new StartupError('PORT', `PORT=${value} is not a port: give a number from 0 to 65535`);
}

function brokers(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const addresses = value.split(',').map((address) => address.trim());
  const wrong = addresses.find((address) => !/^[^\s:,/]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i.test(address));
  if (wrong === undefined) return addresses.join(',');
  throw new StartupError('KAFKA_BROKERS', `KAFKA_BROKERS=${value} is not a list of host:port,host:port`);
}

function url(name: string, value: string | undefined): string | undefined {
  if (value === undefined || (URL.canParse(value) && /^https?:/.test(value))) return value;
  throw new StartupError(name, `${name}=${value} is not an http or https address`);
}
