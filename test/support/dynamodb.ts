import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { Table } from '../../lambdas/shared/adapters/dynamodb/table.ts';

/** A table with our keys on the store that the tests run on: the embedded one, or what the environment names. */
export interface TestTable {
  readonly table: Table;
  readonly client: DynamoDBClient;
  stop(): Promise<void>;
}

/** Makes a table of a sessions table's shape, with a name of its own. */
export async function createTestTable(): Promise<TestTable> {
  const given = process.env.AWS_ENDPOINT_URL_DYNAMODB;
  const embedded = given === undefined ? await startEmbedded() : undefined;
  const client = new DynamoDBClient({
    endpoint: given ?? embedded?.endpoint ?? '',
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const name = `test-${crypto.randomUUID()}`;
  await client.send(new CreateTableCommand(description(name)));
  await ready(client, name);
  return {
    table: new Table(client, name),
    client,
    async stop() {
      client.destroy();
      await embedded?.stop();
    },
  };
}

function description(TableName: string): CreateTableCommandInput {
  const index = (IndexName: string, hash: string, range: string) => ({
    IndexName,
    KeySchema: [
      { AttributeName: hash, KeyType: 'HASH' as const },
      { AttributeName: range, KeyType: 'RANGE' as const },
    ],
    Projection: { ProjectionType: 'KEYS_ONLY' as const },
  });
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: index('', 'pk', 'sk').KeySchema,
    AttributeDefinitions: [
      ...['pk', 'sk', 'owner', 'updated_at', 'open_shard'].map(text),
      { AttributeName: 'open_at', AttributeType: 'N' },
    ],
    GlobalSecondaryIndexes: [index('owner', 'owner', 'updated_at'), index('open', 'open_shard', 'open_at')],
  };
}

async function startEmbedded(): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}

async function ready(client: DynamoDBClient, name: string): Promise<void> {
  for (;;) {
    const { Table: found } = await client.send(new DescribeTableCommand({ TableName: name }));
    const indexes = found?.GlobalSecondaryIndexes ?? [];
    if (found?.TableStatus === 'ACTIVE' && indexes.every(({ IndexStatus }) => IndexStatus === 'ACTIVE')) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
