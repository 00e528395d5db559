import type { Log } from '../log.ts';
import { StartupError } from '../startup-error.ts';
import type { TableSpec } from '../template/model.ts';
import { type EmbeddedStore, startEmbeddedStore } from './embedded-store.ts';
import { ensureTables, TableMismatchError } from './ensure-tables.ts';
import type { DynamoDbFaults } from './faults.ts';
import type { Caller } from './table-client.ts';

export interface DynamoDb {
  readonly endpoint: string;
  stop(): Promise<void>;
}

export interface EmbeddedDynamoDb extends DynamoDb {
  /** Disturbs the requests from now on, for tests of resilience; undefined ends that. */
  setFaults(faults: DynamoDbFaults | undefined): void;
}

export interface DynamoDbOptions {
  /** Address of a real one (DynamoDB Local, LocalStack); without it the embedded store is started. */
  readonly endpoint?: string | undefined;
  readonly dataDir: string;
  readonly tables: readonly TableSpec[];
  readonly log: Log;
  /** Must be what the functions call with. */
  readonly caller?: Caller;
  /** How often the embedded store looks for expired items; 10 s. */
  readonly sweepEveryMs?: number;
}

/**
 * DynamoDB with all tables of the template in place. Rejects with StartupError, which names AWS_ENDPOINT_URL_DYNAMODB
 * or DATA_DIR, when the address does not answer or the folder cannot be used.
 */
export function startDynamoDb(options: DynamoDbOptions & { endpoint?: undefined }): Promise<EmbeddedDynamoDb>;
export function startDynamoDb(options: DynamoDbOptions): Promise<DynamoDb>;
export async function startDynamoDb(options: DynamoDbOptions): Promise<DynamoDb> {
  return options.endpoint ? connect(options.endpoint, options) : startEmbedded(options);
}

const defaultCaller: Caller = { region: 'us-east-1', accessKeyId: 'offline' };

async function startEmbedded(options: DynamoDbOptions): Promise<EmbeddedDynamoDb> {
  const { dataDir, tables, log, caller = defaultCaller, sweepEveryMs } = options;
  const store: EmbeddedStore = await startEmbeddedStore(dataDir, log, sweepEveryMs ? { sweepEveryMs } : {});
  try {
    await ensureTables(store.endpoint, caller, tables);
    return store;
  } catch (cause) {
    await store.stop();
    if (!(cause instanceof TableMismatchError)) throw cause;
    const advice = 'it was made by another version, move it away or choose another folder';
    throw new StartupError('DATA_DIR', `DATA_DIR=${dataDir} does not fit: ${cause.message}; ${advice}`, { cause });
  }
}

async function connect(endpoint: string, options: DynamoDbOptions): Promise<DynamoDb> {
  try {
    const created = await ensureTables(endpoint, options.caller ?? defaultCaller, options.tables);
    if (created.length > 0) options.log.info(`created the tables ${created.join(', ')} at ${endpoint}`);
    return { endpoint, stop: async () => undefined };
  } catch (cause) {
    const reason = reasonOf(cause);
    const message = `AWS_ENDPOINT_URL_DYNAMODB=${endpoint} cannot be used: ${reason}`;
    throw new StartupError('AWS_ENDPOINT_URL_DYNAMODB', message, { cause });
  }
}

/** fetch hides what happened in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0]);
  return cause instanceof Error ? reasonOf(cause) : error.message;
}
