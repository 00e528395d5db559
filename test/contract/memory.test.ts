import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DynamoDbConnections } from '../../lambdas/shared/adapters/dynamodb/connections.ts';
import { DynamoDbMemory } from '../../lambdas/shared/adapters/dynamodb/memory.ts';
import type { Exchange } from '../../lambdas/shared/domain/memory.ts';
import { createTestTable, type TestTable } from '../support/dynamodb.ts';

let store: TestTable;
beforeAll(async () => {
  store = await createTestTable();
});
afterAll(async () => store.stop());

const exchange = (seq: number): Exchange => ({
  seq,
  message_id: randomUUID(),
  call_id: randomUUID(),
  request_seq: seq,
  question: `q${seq}`,
  answer: `a${seq}`,
  status: 'complete',
});

describe('the LLM memory', () => {
  it('gives the newest exchanges before a question, oldest first, however long the conversation is', async () => {
    const memory = new DynamoDbMemory(store.table);
    const id = randomUUID();
    const all = Array.from({ length: 30 }, (_, index) => exchange(index * 2 + 1));
    for (const one of all) await memory.put(id, one);
    expect(await memory.recent(id, 61, 3)).toEqual(all.slice(-3));
    expect(await memory.recent(id, 21, 3)).toEqual(all.slice(7, 10));
    expect(await memory.recent(randomUUID(), 61, 3)).toEqual([]);
  });

  it('keeps an answer of a megabyte whole', async () => {
    const memory = new DynamoDbMemory(store.table);
    const id = randomUUID();
    const long = { ...exchange(1), answer: 'é'.repeat(500_000) };
    await memory.put(id, long);
    expect(await memory.find(id, 1)).toEqual(long);
    await memory.put(id, exchange(3));
    // It is more than any model is told, and so is what was before it.
    expect((await memory.recent(id, 5, 5)).map(({ seq }) => seq)).toEqual([3]);
    await memory.clear(id);
    expect(await memory.find(id, 1)).toBeUndefined();
  });

  it('keeps one exchange per question, and forgets all when cleared', async () => {
    const memory = new DynamoDbMemory(store.table);
    const [id, other] = [randomUUID(), randomUUID()];
    await memory.put(id, exchange(1));
    await memory.put(id, { ...exchange(1), answer: 'again' });
    await memory.put(other, exchange(1));
    expect((await memory.recent(id, 5, 5)).map(({ answer }) => answer)).toEqual(['again']);
    await memory.clear(id);
    expect(await memory.recent(id, 5, 5)).toEqual([]);
    expect(await memory.recent(other, 5, 5)).toHaveLength(1);
  });
});

describe('connections', () => {
  it('are found by session and by id until they are removed', async () => {
    const connections = new DynamoDbConnections(store.table);
    const session_id = randomUUID();
    await connections.add({ connection_id: 'a=', session_id });
    await connections.add({ connection_id: 'b=', session_id });
    expect(new Set(await connections.list(session_id))).toEqual(new Set(['a=', 'b=']));
    expect(await connections.sessionOf('a=')).toBe(session_id);
    await connections.remove({ connection_id: 'a=', session_id });
    expect(await connections.list(session_id)).toEqual(['b=']);
    expect(await connections.sessionOf('a=')).toBeUndefined();
  });

  it('that are gone are removed, but not while they may still be in their handshake', async () => {
    let now = Date.now();
    const connections = new DynamoDbConnections(store.table, () => now);
    const connection = { connection_id: 'd=', session_id: randomUUID() };
    await connections.add(connection);
    now += 5_000;
    await connections.removeGone(connection);
    expect(await connections.list(connection.session_id)).toEqual(['d=']);
    now += 10_000;
    await connections.removeGone(connection);
    expect(await connections.list(connection.session_id)).toEqual([]);
    expect(await connections.sessionOf('d=')).toBeUndefined();
  });

  it('are not given after the longest life of a socket, though DynamoDB still has them', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    const connections = new DynamoDbConnections(store.table, () => now);
    const session_id = randomUUID();
    await connections.add({ connection_id: 'c=', session_id });
    now += 2 * 3600_000 + 61_000;
    expect(await connections.list(session_id)).toEqual([]);
  });
});
