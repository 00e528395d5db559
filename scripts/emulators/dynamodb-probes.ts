import {
  BatchGetItemCommand,
  CreateTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { Probe } from './comparison.ts';

/** A DynamoDB, and a table of ours in it with the keys `pk` and `sk` and an index `owner`. */
export interface DynamoDbTarget {
  readonly client: DynamoDBClient;
  readonly table: string;
}

/** Makes a table as the templates do. */
export async function dynamoDbTarget(endpoint: string): Promise<DynamoDbTarget> {
  const credentials = { accessKeyId: 'offline', secretAccessKey: 'offline' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  const table = `trial-${process.pid}`;
  const key = (name: string) => ({ AttributeName: name, AttributeType: 'S' as const });
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [key('pk'), key('sk'), key('owner')],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'owner',
          KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
  return { client, table };
}

/** Name of the error that a request is refused with, or what it gave. */
async function refused(request: Promise<unknown>, otherwise = 'accepted'): Promise<string> {
  try {
    await request;
    return otherwise;
  } catch (error) {
    return (error as Error).name;
  }
}

const put = ({ client, table }: DynamoDbTarget, sk: string, more: Record<string, { S: string }> = {}) =>
  client.send(new PutItemCommand({ TableName: table, Item: { pk: { S: 'p' }, sk: { S: sk }, ...more } }));

/** What the stores of the product rely on, and a few things beyond. */
export const dynamoDbProbes: readonly Probe<DynamoDbTarget>[] = [
  {
    what: 'put where something is, on condition that nothing is',
    aws: 'ConditionalCheckFailedException',
    observe: async (target) => {
      await put(target, 'there');
      const Item = { pk: { S: 'p' }, sk: { S: 'there' } };
      const ConditionExpression = 'attribute_not_exists(pk)';
      return refused(target.client.send(new PutItemCommand({ TableName: target.table, Item, ConditionExpression })));
    },
  },
  {
    what: '`ReturnValuesOnConditionCheckFailure`',
    aws: 'the item',
    observe: async (target) => {
      await put(target, 'returned', { text: { S: 'seen' } });
      const command = new PutItemCommand({
        TableName: target.table,
        Item: { pk: { S: 'p' }, sk: { S: 'returned' } },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      const error = await target.client.send(command).catch((thrown: { Item?: { text?: unknown } }) => thrown);
      return 'Item' in error && error.Item?.text ? 'the item' : 'nothing';
    },
  },
  {
    what: 'an update below a map that is not there',
    aws: 'ValidationException',
    observe: async (target) => {
      await put(target, 'flat');
      const command = new UpdateItemCommand({
        TableName: target.table,
        Key: { pk: { S: 'p' }, sk: { S: 'flat' } },
        UpdateExpression: 'SET a.b = :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      });
      return refused(target.client.send(command));
    },
  },
  {
    what: 'a value that no expression uses',
    aws: 'ValidationException',
    observe: async ({ client, table }) =>
      refused(
        client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: { pk: { S: 'p' }, sk: { S: 'unused' } },
            UpdateExpression: 'SET a = :one',
            ExpressionAttributeValues: { ':one': { N: '1' }, ':two': { N: '2' } },
          }),
        ),
      ),
  },
  {
    what: 'an item above 400 KB',
    aws: 'ValidationException',
    observe: async (target) => refused(put(target, 'large', { text: { S: 'x'.repeat(410_000) } })),
  },
  {
    what: 'a page of a query ends at 1 MB',
    aws: 'at 1 MB',
    observe: async (target) => {
      for (let at = 0; at < 12; at += 1) await put(target, `page-${at + 10}`, { text: { S: 'x'.repeat(100_000) } });
      const { Count = 0, LastEvaluatedKey } = await target.client.send(
        new QueryCommand({
          TableName: target.table,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :page)',
          ExpressionAttributeValues: { ':pk': { S: 'p' }, ':page': { S: 'page-' } },
        }),
      );
      return LastEvaluatedKey && Count < 12 ? 'at 1 MB' : `${Count} items of 100 KB at once`;
    },
  },
  {
    what: 'an index with `KEYS_ONLY`',
    aws: 'keys only',
    observe: async (target) => {
      await put(target, 'indexed', { owner: { S: 'me' }, text: { S: 'hidden' } });
      const { Items: [item] = [] } = await target.client.send(
        new QueryCommand({
          TableName: target.table,
          IndexName: 'owner',
          KeyConditionExpression: '#owner = :me',
          ExpressionAttributeNames: { '#owner': 'owner' },
          ExpressionAttributeValues: { ':me': { S: 'me' } },
        }),
      );
      return item && !('text' in item) ? 'keys only' : JSON.stringify(item);
    },
  },
  {
    what: 'a consistent read of an index',
    aws: 'ValidationException',
    observe: async ({ client, table }) =>
      refused(
        client.send(
          new QueryCommand({
            TableName: table,
            IndexName: 'owner',
            ConsistentRead: true,
            KeyConditionExpression: '#owner = :me',
            ExpressionAttributeNames: { '#owner': 'owner' },
            ExpressionAttributeValues: { ':me': { S: 'me' } },
          }),
        ),
      ),
  },
  {
    what: 'a query for an empty key',
    aws: 'ValidationException',
    observe: async ({ client, table }) =>
      refused(
        client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': { S: '' } },
          }),
        ),
        'nothing found',
      ),
  },
  {
    what: 'a batch of 101 keys',
    aws: 'ValidationException',
    observe: async ({ client, table }) => {
      const Keys = Array.from({ length: 101 }, (_, at) => ({ pk: { S: 'p' }, sk: { S: String(at) } }));
      return refused(client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys } } })));
    },
  },
  {
    what: 'numbers keep 38 digits',
    aws: '12345678901234567890123456789012345678',
    observe: async ({ client, table }) => {
      const N = '12345678901234567890123456789012345678';
      const Key = { pk: { S: 'p' }, sk: { S: 'number' } };
      await client.send(new PutItemCommand({ TableName: table, Item: { ...Key, n: { N } } }));
      return (await client.send(new GetItemCommand({ TableName: table, Key }))).Item?.n?.N ?? 'nothing';
    },
  },
  {
    what: 'time to live, switched on',
    aws: 'ENABLED',
    observe: async ({ client, table }) => {
      const TimeToLiveSpecification = { AttributeName: 'expires_at', Enabled: true };
      await client.send(new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification }));
      const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: table }));
      return TimeToLiveDescription?.TimeToLiveStatus ?? 'nothing';
    },
  },
  {
    what: 'a transaction (the product makes none)',
    aws: 'written',
    observe: async ({ client, table }) => {
      const Put = { TableName: table, Item: { pk: { S: 'p' }, sk: { S: 'transaction' } } };
      return refused(client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }] })), 'written');
    },
  },
];
