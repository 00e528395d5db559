import { startDynamoDb } from '../../local/dynamodb/start.ts';
import { createLog } from '../../local/log.ts';
import type { TableSpec } from '../../local/template/model.ts';

/* A process with the embedded DynamoDB, to be killed. Arguments: folder, tables as JSON. Writes its endpoint. */
const [, , dataDir = '', tables = '[]'] = process.argv;
const { endpoint } = await startDynamoDb({
  dataDir,
  tables: JSON.parse(tables) as TableSpec[],
  log: createLog(() => undefined),
});
process.stdout.write(`${endpoint}\n`);
