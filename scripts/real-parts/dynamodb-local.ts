import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { freePort } from './free-port.ts';
import { startJavaServer } from './java-server.ts';
import { mavenClassPath } from './maven.ts';

export const dynamoDbLocalVersion = '2.6.1';

/** AWS's own DynamoDB Local on loopback, in memory. */
export interface DynamoDbLocal {
  /** For `AWS_ENDPOINT_URL_DYNAMODB`. */
  readonly endpoint: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** @throws {MissingPartError} without Java, or without Maven the first time */
export async function startDynamoDbLocal(cacheDir: string): Promise<DynamoDbLocal> {
  const classPath = await mavenClassPath(cacheDir, `dynamodb-local-${dynamoDbLocalVersion}`, [
    `com.amazonaws:DynamoDBLocal:${dynamoDbLocalVersion}`,
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-dynamodb-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = await startJavaServer({
    name: `DynamoDB Local ${dynamoDbLocalVersion}`,
    classPath,
    mainClass: 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner',
    // Tables belong to everyone, whatever access key and region a client signs with.
    args: ['-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)],
    heapMb: 512,
    logFile: join(folder, 'dynamodb.log'),
    probe: () => listTables(endpoint),
  });
  return {
    endpoint,
    pid: server.pid,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listTables(endpoint: string): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  try {
    await client.send(new ListTablesCommand({}));
  } finally {
    client.destroy();
  }
}
