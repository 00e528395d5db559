import { createServer, type IncomingMessage } from 'node:http';
import { listen } from '../../local/http/listen.ts';

/** One call of an AWS API, as IAM looks at it. */
export interface AwsCall {
  /** Access key of the caller: the tests give each function its own name. */
  readonly caller: string;
  /** As in a policy: `dynamodb:GetItem`. */
  readonly action: string;
  /** Last part of the ARN: `table/<name>`, `table/<name>/index/<name>`, `function:<name>`, `<api>/<stage>/POST/@connections/<id>`. */
  readonly resource: string;
  /** Partition keys that a call of DynamoDB touches. */
  readonly leadingKeys: readonly string[];
  /** Request units of DynamoDB, those of its indexes left out; the store counts them. */
  readonly units?: number;
}

export interface RecordedCalls {
  readonly url: string;
  readonly calls: readonly AwsCall[];
  close(): void;
}

type Item = Readonly<Record<string, { readonly S?: string }>>;
interface DynamoDbInput {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ExpressionAttributeValues?: Item;
  readonly RequestItems?: Readonly<Record<string, unknown>>;
}

/** Stands before the services that functions call, writes down who called what, and hands everything on. */
export async function recordCalls(targets: () => { dynamodb: string; others: string }): Promise<RecordedCalls> {
  const calls: AwsCall[] = [];
  const server = createServer((request, response) => {
    const forward = async (): Promise<void> => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      const dynamodb = request.headers['x-amz-target'] !== undefined;
      const made = dynamodb ? dynamoDbCalls(request, body) : otherCalls(request);
      const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
      const answer = await fetch(`${dynamodb ? targets().dynamodb : targets().others}${request.url}`, {
        method: request.method ?? 'POST',
        headers: { ...(headers as Record<string, string>), authorization: plainKey(request) },
        ...(body.length > 0 ? { body: new Uint8Array(dynamodb ? counted(body) : body) } : {}),
      });
      const answered = Buffer.from(await answer.arrayBuffer());
      const units = dynamodb ? unitsIn(answered) : undefined;
      calls.push(...made.map((call) => ({ ...call, ...(units === undefined ? {} : { units }) })));
      const kept = [...answer.headers].filter(
        ([name]) => !['content-length', 'connection', 'content-encoding'].includes(name),
      );
      response.writeHead(answer.status, Object.fromEntries(kept)).end(answered);
    };
    forward().catch(() => response.destroy());
  });
  const url = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}`;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url, calls, close };
}

/** Asks the store to count. */
function counted(body: Buffer): Buffer {
  return Buffer.from(JSON.stringify({ ...JSON.parse(body.toString('utf8')), ReturnConsumedCapacity: 'TOTAL' }));
}

function unitsIn(answer: Buffer): number | undefined {
  const { ConsumedCapacity } = JSON.parse(answer.toString('utf8') || '{}') as {
    ConsumedCapacity?: { CapacityUnits?: number } | { CapacityUnits?: number }[];
  };
  return [ConsumedCapacity ?? []].flat()[0]?.CapacityUnits;
}

/** `AWS4-HMAC-SHA256 Credential=<access key>/<date>/…` */
function callerOf({ headers }: IncomingMessage): string {
  return /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'nobody';
}

/** DynamoDB Local takes letters and digits alone for an access key. */
function plainKey({ headers }: IncomingMessage): string {
  return (headers.authorization ?? '').replace(/Credential=[^/]+/, 'Credential=recorded');
}

function dynamoDbCalls(request: IncomingMessage, body: Buffer): AwsCall[] {
  const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
  const base = { caller: callerOf(request), action: `dynamodb:${operation}` };
  const input = JSON.parse(body.toString('utf8')) as DynamoDbInput;
  if (input.RequestItems !== undefined) {
    return Object.entries(input.RequestItems).map(([table, items]) => ({
      ...base,
      resource: `table/${table}`,
      leadingKeys: [...JSON.stringify(items).matchAll(/"pk":\{"S":"([^"]+)"/g)].map(([, key = '']) => key),
    }));
  }
  const { TableName = '', IndexName, Key, Item, ExpressionAttributeValues = {} } = input;
  const index = IndexName === undefined ? '' : `/index/${IndexName}`;
  const key = (Key ?? Item ?? { pk: ExpressionAttributeValues[':pk'] ?? {} }).pk?.S;
  return [{ ...base, resource: `table/${TableName}${index}`, leadingKeys: key === undefined ? [] : [key] }];
}

function otherCalls(request: IncomingMessage): AwsCall[] {
  const path = decodeURIComponent(request.url ?? '');
  const base = { caller: callerOf(request), leadingKeys: [] };
  const [, name] = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(path) ?? [];
  if (name !== undefined) return [{ ...base, action: 'lambda:InvokeFunction', resource: `function:${name}` }];
  const [, api, stage, id] = /^\/execute-api\/([^/]+)\/([^/]+)\/@connections\/([^?]+)/.exec(path) ?? [];
  const resource = `${api}/${stage}/${request.method}/@connections/${id}`;
  return [{ ...base, action: id === undefined ? `unknown ${path}` : 'execute-api:ManageConnections', resource }];
}
