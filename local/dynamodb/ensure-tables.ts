import { setTimeout as sleep } from 'node:timers/promises';
import type { TableSpec } from '../template/model.ts';
import { type Caller, callDynamoDb, DynamoDbApiError } from './table-client.ts';

/** A table of this name is there already, with other keys or indexes than the template wants. */
export class TableMismatchError extends Error {
  constructor(table: string, what: string) {
    super(`table ${table} has other ${what} than the template`);
    this.name = 'TableMismatchError';
  }
}

interface TableDescription {
  readonly TableStatus: string;
  readonly KeySchema: readonly KeyPart[];
  readonly GlobalSecondaryIndexes?: readonly {
    IndexName: string;
    IndexStatus?: string;
    KeySchema: readonly KeyPart[];
  }[];
}

interface KeyPart {
  readonly AttributeName: string;
  readonly KeyType: string;
}

/** Creates the tables that are missing, with their time to live; returns the names of those it created. */
export async function ensureTables(endpoint: string, caller: Caller, tables: readonly TableSpec[]): Promise<string[]> {
  const call = (operation: string, input: unknown) => callDynamoDb(endpoint, caller, operation, input);
  const created = await Promise.all(tables.map((table) => ensureTable(call, table)));
  return tables.filter((_, index) => created[index]).map(({ name }) => name);
}

type Call = (operation: string, input: unknown) => Promise<unknown>;

async function ensureTable(call: Call, table: TableSpec): Promise<boolean> {
  const present = await describe(call, table.name);
  if (!present) await create(call, table);
  let description = present;
  for (const deadline = Date.now() + 20_000; !isActive(description); description = await describe(call, table.name)) {
    if (Date.now() > deadline) throw new Error(`table ${table.name} does not become active`);
    await sleep(5);
  }
  if (description) compare(table, description);
  if (table.ttlAttribute) await enableTimeToLive(call, table.name, table.ttlAttribute);
  return !present;
}

async function describe(call: Call, TableName: string): Promise<TableDescription | undefined> {
  try {
    return ((await call('DescribeTable', { TableName })) as { Table: TableDescription }).Table;
  } catch (error) {
    if (error instanceof DynamoDbApiError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function create(call: Call, table: TableSpec): Promise<void> {
  try {
    await call('CreateTable', {
      TableName: table.name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: table.keySchema,
      AttributeDefinitions: table.attributeDefinitions,
      ...(table.globalSecondaryIndexes.length > 0 ? { GlobalSecondaryIndexes: table.globalSecondaryIndexes } : {}),
    });
  } catch (error) {
    // Another runtime on the same endpoint was first.
    if (!(error instanceof DynamoDbApiError && error.code === 'ResourceInUseException')) throw error;
  }
}

function isActive(description: TableDescription | undefined): boolean {
  if (description?.TableStatus !== 'ACTIVE') return false;
  return (description.GlobalSecondaryIndexes ?? []).every(({ IndexStatus = 'ACTIVE' }) => IndexStatus === 'ACTIVE');
}

function compare(table: TableSpec, { KeySchema, GlobalSecondaryIndexes = [] }: TableDescription): void {
  if (keyText(KeySchema) !== keyText(table.keySchema)) throw new TableMismatchError(table.name, 'keys');
  const wanted = table.globalSecondaryIndexes as unknown as { IndexName: string; KeySchema: KeyPart[] }[];
  const indexes = (list: readonly { IndexName: string; KeySchema: readonly KeyPart[] }[]) =>
    list
      .map(({ IndexName, KeySchema: key }) => `${IndexName}(${keyText(key)})`)
      .sort()
      .join();
  if (indexes(GlobalSecondaryIndexes) !== indexes(wanted)) throw new TableMismatchError(table.name, 'indexes');
}

function keyText(schema: readonly KeyPart[]): string {
  return schema
    .map(({ AttributeName, KeyType }) => `${KeyType}:${AttributeName}`)
    .sort()
    .join();
}

async function enableTimeToLive(call: Call, TableName: string, AttributeName: string): Promise<void> {
  const { TimeToLiveDescription: present } = (await call('DescribeTimeToLive', { TableName })) as {
    TimeToLiveDescription?: { TimeToLiveStatus?: string };
  };
  if (present?.TimeToLiveStatus === 'ENABLED' || present?.TimeToLiveStatus === 'ENABLING') return;
  await call('UpdateTimeToLive', { TableName, TimeToLiveSpecification: { AttributeName, Enabled: true } });
}
