import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';

/** Takes a session's own item out of the store, as a damage that a backup can mend. @returns puts it back */
export async function loseSession(endpoint: string, sessionId: string): Promise<() => Promise<void>> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const key = { pk: { S: `S#${sessionId}` }, sk: { S: 'SESSION' } };
  for (const TableName of TableNames) {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: key }));
    if (!Item) continue;
    await client.send(new DeleteItemCommand({ TableName, Key: key }));
    return async () => {
      await client.send(new PutItemCommand({ TableName, Item }));
      client.destroy();
    };
  }
  throw new Error(`No table has the session ${sessionId}.`);
}
