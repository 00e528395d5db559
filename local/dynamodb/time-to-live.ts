import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** An answer of the DynamoDB API: HTTP status and body. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Performs an operation on the tables. */
export type CallApi = (operation: string, input: unknown) => Promise<ApiAnswer>;

/**
 * Time to live for a store that has none: remembers the attribute per table (in a file beside the store) and deletes
 * items whose time, in epoch seconds, has passed. AWS takes up to two days; here one page of a table is looked at per
 * tick, so that a large table costs no more at a time than a small one.
 */
export class TimeToLive {
  readonly #file: string;
  readonly #call: CallApi;
  readonly #attributes: Map<string, string>;
  readonly #next = new Map<string, unknown>();

  constructor(file: string, call: CallApi) {
    this.#file = file;
    this.#call = call;
    this.#attributes = new Map(Object.entries(readAttributes(file)));
  }

  /** UpdateTimeToLive of the API. */
  async update(input: UpdateInput): Promise<ApiAnswer> {
    const { TableName, TimeToLiveSpecification: wanted } = input;
    const table = await this.#call('DescribeTable', { TableName });
    if (table.status !== 200) return table;
    const isEnabled = this.#attributes.has(TableName);
    if (wanted.Enabled === isEnabled) {
      const message = `TimeToLive is already ${isEnabled ? 'enabled' : 'disabled'}`;
      return { status: 400, body: { __type: 'com.amazon.coral.validate#ValidationException', message } };
    }
    if (wanted.Enabled) this.#attributes.set(TableName, wanted.AttributeName);
    else this.#attributes.delete(TableName);
    this.#save();
    return { status: 200, body: { TimeToLiveSpecification: wanted } };
  }

  /** DescribeTimeToLive of the API. */
  async describe({ TableName }: { TableName: string }): Promise<ApiAnswer> {
    const table = await this.#call('DescribeTable', { TableName });
    if (table.status !== 200) return table;
    const AttributeName = this.#attributes.get(TableName);
    const description = AttributeName
      ? { TimeToLiveStatus: 'ENABLED', AttributeName }
      : { TimeToLiveStatus: 'DISABLED' };
    return { status: 200, body: { TimeToLiveDescription: description } };
  }

  /** Looks at the next page of each table and deletes what has expired; returns how many items. */
  async sweep(now: number): Promise<number> {
    let deleted = 0;
    for (const [TableName, attribute] of this.#attributes) deleted += await this.#sweepPage(TableName, attribute, now);
    return deleted;
  }

  async #sweepPage(TableName: string, attribute: string, now: number): Promise<number> {
    const table = await this.#call('DescribeTable', { TableName });
    if (table.status !== 200) return 0;
    const keys = keyNames(table.body);
    const names = Object.fromEntries(keys.map((key, index) => [`#k${index}`, key]));
    const expired = { '#ttl': attribute, ...names };
    const values = { ':now': { N: String(Math.floor(now / 1000)) }, ':zero': { N: '0' } };
    const page = await this.#call('Scan', {
      TableName,
      Limit: 200,
      ExclusiveStartKey: this.#next.get(TableName),
      FilterExpression: '#ttl BETWEEN :zero AND :now',
      ProjectionExpression: keys.map((_, index) => `#k${index}`).join(', '),
      ExpressionAttributeNames: expired,
      ExpressionAttributeValues: values,
    });
    if (page.status !== 200) return 0;
    const { Items = [], LastEvaluatedKey } = page.body as { Items?: unknown[]; LastEvaluatedKey?: unknown };
    this.#next.set(TableName, LastEvaluatedKey);
    for (const Key of Items) {
      // The item may have been renewed since the scan.
      await this.#call('DeleteItem', {
        TableName,
        Key,
        ConditionExpression: '#ttl BETWEEN :zero AND :now',
        ExpressionAttributeNames: { '#ttl': attribute },
        ExpressionAttributeValues: values,
      });
    }
    return Items.length;
  }

  #save(): void {
    writeFileSync(`${this.#file}.new`, JSON.stringify(Object.fromEntries(this.#attributes)));
    renameSync(`${this.#file}.new`, this.#file);
  }
}

export interface UpdateInput {
  readonly TableName: string;
  readonly TimeToLiveSpecification: { readonly AttributeName: string; readonly Enabled: boolean };
}

function keyNames(describeTable: unknown): string[] {
  const { Table } = describeTable as { Table: { KeySchema: { AttributeName: string }[] } };
  return Table.KeySchema.map(({ AttributeName }) => AttributeName);
}

function readAttributes(file: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  } catch {
    return {};
  }
}
