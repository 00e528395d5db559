import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signedToken } from '../../lambdas/shared/adapters/kafka/msk-iam.ts';
import type { RuntimeFile } from '../../local/data-dir.ts';
import type { Security } from '../../local/kafka/wire/connection.ts';
import { readSettings } from '../../local/settings.ts';

/** Addresses of the brokers, and how to show them who calls. */
export interface Brokers {
  readonly addresses: string;
  readonly security: Security | undefined;
}

/**
 * `KAFKA_BROKERS` of the environment or `.env`; without it, the brokers of the runtime that runs on `DATA_DIR`.
 * `KAFKA_AUTH=iam` signs with the credentials of the environment, as the functions do. Errors say what to set.
 */
export function findBrokers(environment: NodeJS.ProcessEnv, root: string): Brokers {
  const { kafkaBrokers, dataDir, environment: settings } = readSettings(environment, root);
  return { addresses: kafkaBrokers ?? running(dataDir), security: securityOf(settings) };
}

function running(dataDir: string): string {
  const file = join(dataDir, 'runtime.json');
  if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as RuntimeFile).kafka_brokers;
  throw new Error(`No runtime runs on DATA_DIR=${dataDir}: start it, or set KAFKA_BROKERS.`);
}

function securityOf({ KAFKA_AUTH = 'none', ...settings }: Readonly<Record<string, string>>): Security | undefined {
  if (KAFKA_AUTH === 'none') return undefined;
  if (KAFKA_AUTH !== 'iam') throw new Error(`KAFKA_AUTH=${KAFKA_AUTH} is neither iam nor none.`);
  const missing = ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].filter((name) => !settings[name]);
  if (missing.length === 0) return { token: signedToken };
  throw new Error(
    `KAFKA_AUTH=iam needs ${missing.join(', ')}: eval "$(aws configure export-credentials --format env)"`,
  );
}
