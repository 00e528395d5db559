import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeIterators } from '../../../local/dynamodb/close-iterators.ts';
import { callDynamoDb } from '../../../local/dynamodb/table-client.ts';

interface Iterator {
  next(): Promise<unknown>;
  close(): Promise<void>;
}

const level = createRequire(createRequire(import.meta.resolve('dynalite')).resolve('level'));
const { prototype: values } = level('abstract-level').AbstractValueIterator as { prototype: Iterator };
const { next, close } = values;

describe('queries of dynalite', () => {
  let server: Server;
  /** Iterators over LevelDB that were read from and not closed. */
  let open: Set<Iterator>;

  beforeEach(async () => {
    open = new Set();
    values.next = function () {
      open.add(this);
      return next.call(this);
    };
    values.close = function () {
      open.delete(this);
      return close.call(this);
    };
    server = dynalite({ createTableMs: 0 }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    Object.assign(values, { next, close });
    server.close();
  });

  it('leave what they open in LevelDB open, unless they are given a way to close it', async () => {
    const { port } = server.address() as AddressInfo;
    const caller = { region: 'us-east-1', accessKeyId: 'offline' };
    const call = (operation: string, input: object) =>
      callDynamoDb(`http://127.0.0.1:${port}`, caller, operation, { TableName: 'table', ...input });
    const key = { AttributeName: 'pk', KeyType: 'HASH' };
    const attribute = { AttributeName: 'pk', AttributeType: 'S' };
    await call('CreateTable', { KeySchema: [key], AttributeDefinitions: [attribute], BillingMode: 'PAY_PER_REQUEST' });
    await expect
      .poll(() =>
        call('PutItem', { Item: { pk: { S: 'a' } } }).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: 'a' } } };
    const ask = () => call('Query', query);

    open.clear();
    await ask();
    await ask();
    // When this is 0, dynalite closes them by itself: closeIterators has had its day.
    expect(open.size).toBe(2);
    open.clear();
    closeIterators();
    await ask();
    await ask();
    await expect.poll(() => open.size).toBe(0);
  });
});
