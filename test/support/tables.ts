import {
  type AttributeValue,
  DynamoDBClient,
  ListTablesCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { shardOf } from '../../lambdas/shared/adapters/dynamodb/sessions.ts';

/** One item, wherever it is. */
export interface FoundItem {
  readonly table: string;
  readonly item: Record<string, AttributeValue>;
}

/** Looks into the product's tables from outside. */
export class Tables {
  readonly #client: DynamoDBClient;

  constructor(endpoint: string) {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    this.#client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  }

  close(): void {
    this.#client.destroy();
  }

  /** Everything in any table that has to do with any of these sessions: under their keys, or naming them. */
  async itemsOf(sessionIds: readonly string[]): Promise<FoundItem[]> {
    const found: FoundItem[] = [];
    const { TableNames = [] } = await this.#client.send(new ListTablesCommand({}));
    for (const table of TableNames) {
      let start: Record<string, AttributeValue> | undefined;
      do {
        const page = await this.#client.send(
          new ScanCommand({ TableName: table, ExclusiveStartKey: start, ConsistentRead: true }),
        );
        const own = (page.Items ?? []).filter((item) => sessionIds.some((id) => JSON.stringify(item).includes(id)));
        found.push(...own.map((item) => ({ table, item })));
        start = page.LastEvaluatedKey;
      } while (start);
    }
    return found;
  }

  /** Has the sweep look at deleted sessions now, as it does once nobody can still be writing. */
  async ageStones(stones: readonly FoundItem[]): Promise<void> {
    for (const { table, item } of stones) {
      const { pk = { S: '' }, sk = { S: '' } } = item;
      await this.#client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { pk, sk },
          UpdateExpression: 'SET open_shard = :shard, open_at = :at',
          ExpressionAttributeValues: { ':shard': { S: shardOf(String(pk.S).slice(2)) }, ':at': { N: '0' } },
        }),
      );
    }
  }
}

/** What a deleted session leaves: its id, that it was deleted, and when to forget that. */
export function isStone({ item }: FoundItem): boolean {
  const known = ['pk', 'sk', 'session_id', 'deleted', 'expires_at', 'open_shard', 'open_at'];
  return item.deleted?.BOOL === true && Object.keys(item).every((name) => known.includes(name));
}
