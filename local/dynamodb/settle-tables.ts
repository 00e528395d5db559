import { createRequire } from 'node:module';

interface StoredTable {
  TableStatus: string;
  GlobalSecondaryIndexes?: { IndexStatus: string }[];
}

/** What is used of dynalite's own LevelDB. */
interface Level {
  open(): Promise<void>;
  close(): Promise<void>;
  iterator(range: { gte: string; lt: string }): AsyncIterable<[key: string, table: StoredTable]>;
  put(key: string, table: StoredTable): Promise<void>;
  del(key: string): Promise<void>;
}

/**
 * Opens the LevelDB once before dynalite does, which would say no more than that its database is closed. A table whose
 * process was killed while it was made would be `CREATING` for ever, since dynalite keeps that in a timer: it becomes
 * active here. Rejects with LevelDB's own error, as `cause` or itself.
 */
export async function settleTables(path: string): Promise<void> {
  const { Level } = createRequire(import.meta.resolve('dynalite'))('level') as {
    Level: new (path: string, options: { valueEncoding: 'json' }) => Level;
  };
  const level = new Level(path, { valueEncoding: 'json' });
  await level.open();
  for await (const [key, table] of level.iterator({ gte: 'table~', lt: 'table~\xff' })) {
    if (table.TableStatus === 'ACTIVE') continue;
    if (table.TableStatus === 'DELETING') {
      await level.del(key);
      continue;
    }
    table.TableStatus = 'ACTIVE';
    for (const index of table.GlobalSecondaryIndexes ?? []) index.IndexStatus = 'ACTIVE';
    await level.put(key, table);
  }
  await level.close();
}
