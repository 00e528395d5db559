import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

export type Item = Record<string, unknown>;
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** An update in DynamoDB's own expression language. */
export interface Update {
  readonly update: string;
  readonly condition?: string;
  readonly names?: Record<string, string>;
  readonly values?: Item;
}

/** A range of one partition, in the order of its sort key unless `reverse`. */
export interface Range {
  readonly pk: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
  readonly reverse?: boolean;
  readonly eventually?: boolean;
  /** Attributes to give; all where it is absent. It saves memory, not read units. */
  readonly only?: readonly string[];
}

const options = { removeUndefinedValues: true } as const;

/**
 * One table with the keys `pk` and `sk`, in plain objects. Conditions that fail are answers, not errors: false, or
 * undefined. What DynamoDB refuses or does not answer after the client's retries is thrown as it is.
 */
export class Table {
  readonly #client: DynamoDBClient;
  readonly name: string;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.name = name;
  }

  async get({ pk, sk }: Key, how?: 'eventually'): Promise<Item | undefined> {
    const output = await this.#client.send(
      new GetItemCommand({ TableName: this.name, Key: marshall({ pk, sk }), ConsistentRead: how !== 'eventually' }),
    );
    return output.Item && unmarshall(output.Item);
  }

  /** Reads up to 100 items, in any order; eventually consistent. */
  async getAll(keys: readonly Key[]): Promise<Item[]> {
    const found: Item[] = [];
    let left = keys.map((key) => marshall(key));
    while (left.length > 0) {
      const output = await this.#client.send(
        new BatchGetItemCommand({ RequestItems: { [this.name]: { Keys: left } } }),
      );
      found.push(...(output.Responses?.[this.name] ?? []).map((item) => unmarshall(item)));
      left = output.UnprocessedKeys?.[this.name]?.Keys ?? [];
    }
    return found;
  }

  /** Stores an item; with `absent` only where nothing is. Gives false when something was there. */
  async put(item: Item & Key, absent = false): Promise<boolean> {
    const command = new PutItemCommand({
      TableName: this.name,
      Item: marshall(item, options),
      ...(absent && { ConditionExpression: 'attribute_not_exists(pk)' }),
    });
    return (await this.#conditional(async () => this.#client.send(command))) !== undefined;
  }

  /** Gives the item after the update, or undefined when the condition did not hold. */
  async update({ pk, sk }: Key, { update, condition, names, values }: Update): Promise<Item | undefined> {
    const command = new UpdateItemCommand({
      TableName: this.name,
      Key: marshall({ pk, sk }),
      UpdateExpression: update,
      ReturnValues: 'ALL_NEW',
      ...(condition && { ConditionExpression: condition }),
      ...(names && { ExpressionAttributeNames: names }),
      ...(values && { ExpressionAttributeValues: marshall(values, options) }),
    });
    const output = await this.#conditional(async () => this.#client.send(command));
    return output?.Attributes && unmarshall(output.Attributes);
  }

  /** With a condition, gives false when it did not hold. */
  async delete({ pk, sk }: Key, only?: { readonly condition: string; readonly values: Item }): Promise<boolean> {
    const command = new DeleteItemCommand({
      TableName: this.name,
      Key: marshall({ pk, sk }),
      ...(only && {
        ConditionExpression: only.condition,
        ExpressionAttributeValues: marshall(only.values, options),
      }),
    });
    return (await this.#conditional(async () => this.#client.send(command))) !== undefined;
  }

  /** Everything in a range, or its first `limit` items, over as many pages of 1 MB as it takes. */
  async query(range: Range): Promise<Item[]> {
    const found: Item[] = [];
    let start: Item | undefined;
    do {
      const left = range.limit === undefined ? {} : { limit: range.limit - found.length };
      const page = await this.page({ ...range, ...left }, start);
      found.push(...page.items);
      start = page.next;
    } while (start && (range.limit === undefined || found.length < range.limit));
    return found;
  }

  /** Removes everything in a range, page by page. */
  async clear(range: Range): Promise<void> {
    for (;;) {
      const { items, next } = await this.page({ ...range, limit: 25 });
      await this.#remove(items);
      if (!next) return;
    }
  }

  /** The first items of a range, of 1 MB and `limit` at most, and where it goes on. */
  async page(range: Range, start?: Item): Promise<{ items: Item[]; next?: Item }> {
    const { pk, from, to, limit, reverse, eventually, only } = range;
    const bounds = from !== undefined && to !== undefined ? ' AND sk BETWEEN :from AND :to' : '';
    const input: QueryCommandInput = {
      TableName: this.name,
      KeyConditionExpression: `pk = :pk${bounds}`,
      ExpressionAttributeValues: marshall({ ':pk': pk, ...(bounds && { ':from': from, ':to': to }) }),
      ConsistentRead: !eventually,
      ScanIndexForward: !reverse,
      ...(only && projection(only)),
      ...(limit !== undefined && { Limit: limit }),
      ...(start && { ExclusiveStartKey: marshall(start) }),
    };
    const output = await this.#client.send(new QueryCommand(input));
    const items = (output.Items ?? []).map((item) => unmarshall(item));
    return { items, ...(output.LastEvaluatedKey && { next: unmarshall(output.LastEvaluatedKey) }) };
  }

  async #remove(items: Item[]): Promise<void> {
    let requests = items.map(({ pk, sk }) => ({ DeleteRequest: { Key: marshall({ pk, sk }) } }));
    while (requests.length > 0) {
      const output = await this.#client.send(new BatchWriteItemCommand({ RequestItems: { [this.name]: requests } }));
      const left = output.UnprocessedItems?.[this.name] ?? [];
      requests = left.flatMap(({ DeleteRequest }) =>
        DeleteRequest?.Key ? [{ DeleteRequest: { Key: DeleteRequest.Key as Record<string, AttributeValue> } }] : [],
      );
    }
  }

  async #conditional<T>(send: () => Promise<T>): Promise<T | undefined> {
    try {
      return await send();
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }

  /** One page of an index whose keys are `hash` and a sort attribute, newest first unless `ascending`. */
  async index(query: IndexQuery): Promise<{ keys: Item[]; next?: Item }> {
    const output = await this.#client.send(
      new QueryCommand({
        TableName: this.name,
        IndexName: query.index,
        KeyConditionExpression: query.condition,
        ExpressionAttributeValues: marshall(query.values),
        ...(query.names && { ExpressionAttributeNames: query.names }),
        ScanIndexForward: query.ascending ?? false,
        Limit: query.limit,
        ...(query.start && { ExclusiveStartKey: marshall(query.start) }),
      }),
    );
    const keys = (output.Items ?? []).map((item) => unmarshall(item));
    return { keys, ...(output.LastEvaluatedKey && { next: unmarshall(output.LastEvaluatedKey) }) };
  }
}

/** Names stand for attributes, as some of ours are words of DynamoDB's own. */
function projection(
  only: readonly string[],
): Pick<QueryCommandInput, 'ProjectionExpression' | 'ExpressionAttributeNames'> {
  const names = Object.fromEntries(only.map((attribute) => [`#${attribute}`, attribute]));
  return { ProjectionExpression: Object.keys(names).join(', '), ExpressionAttributeNames: names };
}

export interface IndexQuery {
  readonly index: string;
  readonly condition: string;
  readonly names?: Record<string, string>;
  readonly values: Item;
  readonly limit: number;
  readonly ascending?: boolean;
  readonly start?: Item;
}
