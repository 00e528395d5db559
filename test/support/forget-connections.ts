import { DeleteItemCommand, DynamoDBClient, paginateListTables, ScanCommand } from '@aws-sdk/client-dynamodb';

/** Removes all that the store knows of open sockets, as when a record of one expires: nothing is pushed to any. */
export async function forgetConnections(endpoint: string): Promise<number> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  let forgotten = 0;
  for await (const { TableNames = [] } of paginateListTables({ client }, {})) {
    for (const TableName of TableNames.filter((name) => /connections/i.test(name))) {
      const { Items = [] } = await client.send(new ScanCommand({ TableName }));
      for (const { pk, sk } of Items) {
        if (pk && sk) await client.send(new DeleteItemCommand({ TableName, Key: { pk, sk } }));
        forgotten += 1;
      }
    }
  }
  client.destroy();
  return forgotten;
}
