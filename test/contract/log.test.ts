import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clearSession, DynamoDbLog } from '../../lambdas/shared/adapters/dynamodb/log.ts';
import { DynamoDbMarkers } from '../../lambdas/shared/adapters/dynamodb/markers.ts';
import type { Log } from '../../lambdas/shared/domain/log.ts';
import { append } from '../../lambdas/shared/domain/log.ts';
import type { Markers } from '../../lambdas/shared/domain/markers.ts';
import { createTestTable, type TestTable } from '../support/dynamodb.ts';
import { InMemoryLog, InMemoryMarkers } from '../support/stores/log.ts';

let store: TestTable;
beforeAll(async () => {
  store = await createTestTable();
});
afterAll(async () => store.stop());

const event = (seq: number, message = `text ${seq}`) => ({
  type: 'user' as const,
  seq,
  message_id: randomUUID(),
  message,
  created_at: '2026-01-01T00:00:00.000Z',
});

const kinds: readonly (readonly [string, () => { log: Log; markers: Markers }])[] = [
  ['in memory', () => ({ log: new InMemoryLog(), markers: new InMemoryMarkers() })],
  ['in DynamoDB', () => ({ log: new DynamoDbLog(store.table), markers: new DynamoDbMarkers(store.table) })],
];

describe.each(kinds)('log %s', (_name, create) => {
  it('stores an event where nothing is, and never over another', async () => {
    const { log } = create();
    const id = randomUUID();
    const [first, second] = [event(1), event(1, 'other')];
    expect(await log.putIfAbsent(id, first)).toBe(true);
    expect(await log.putIfAbsent(id, second)).toBe(false);
    expect((await log.after(id, 0, 10)).events).toEqual([first]);
  });

  it('gives events after a seq in order, as many as asked for', async () => {
    const { log } = create();
    const id = randomUUID();
    for (const seq of [1, 2, 3, 9, 10, 11]) await log.putIfAbsent(id, event(seq));
    expect((await log.after(id, 1, 3)).events.map(({ seq }) => seq)).toEqual([2, 3, 9]);
    expect((await log.after(id, 9, 100)).events.map(({ seq }) => seq)).toEqual([10, 11]);
    expect(await log.after(id, 11, 100)).toEqual({ events: [], more: false });
    expect(await log.after(randomUUID(), 0, 100)).toEqual({ events: [], more: false });
  });

  it('gives concurrent appends places without gaps or doubles', async () => {
    const { log } = create();
    const id = randomUUID();
    const ids = Array.from({ length: 12 }, (_, index) => `m${index % 6}`);
    await Promise.all(
      ids.map(async (message_id) => {
        const { seq: _seq, ...draft } = { ...event(0), message_id };
        await append(log, id, draft, 0, (other) => 'message_id' in other && other.message_id === message_id);
      }),
    );
    const { events } = await log.after(id, 0, 100);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(events.map((one) => 'message_id' in one && one.message_id)).size).toBe(6);
  });

  it('keeps the first marker of a message id', async () => {
    const { markers } = create();
    const [id, message_id] = [randomUUID(), randomUUID()];
    const claims = await Promise.all(
      [1, 2, 3].map((from) => markers.claim(id, { message_id, from, digest: `d${from}` })),
    );
    expect(new Set(claims.map(({ from }) => from)).size).toBe(1);
    expect(await markers.find(id, message_id)).toEqual(claims[0]);
    expect(await markers.find(id, randomUUID())).toBeUndefined();
  });
});

describe('a long event in DynamoDB', () => {
  it('comes back whole, characters outside the first plane included, and leaves nothing when its session is cleared', async () => {
    const log = new DynamoDbLog(store.table);
    const id = randomUUID();
    const long = event(1, `${'a'.repeat(119_999)}\u{1F600}`.repeat(9));
    expect(await log.putIfAbsent(id, long)).toBe(true);
    expect(await log.putIfAbsent(id, event(1))).toBe(false);
    await log.putIfAbsent(id, event(2));
    const { events } = await log.after(id, 0, 10);
    expect(events).toHaveLength(2);
    expect(events[0]).toEqual(long);
    await clearSession(store.table, id);
    expect(await store.table.query({ pk: `S#${id}` })).toEqual([]);
  });

  it.each([250_000, 400_000])(
    'does not hide what follows it, nor come with more than memory takes, %i bytes each',
    async (bytes) => {
      const log = new DynamoDbLog(store.table);
      const id = randomUUID();
      for (let seq = 1; seq <= 8; seq += 1) await log.putIfAbsent(id, event(seq, 'x'.repeat(bytes)));
      const pages: number[][] = [];
      for (let from = 0, more = true; more; from = pages.flat().at(-1) ?? from) {
        const page = await log.after(id, from, 100);
        pages.push(page.events.map(({ seq }) => seq));
        ({ more } = page);
      }
      expect(pages.flat()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(Math.max(...pages.map(({ length }) => length)) * bytes).toBeLessThan(2_000_000);
    },
  );

  it('is left out of the outline, which tells all the rest', async () => {
    const log = new DynamoDbLog(store.table);
    const id = randomUUID();
    const long = event(1, 'x'.repeat(400_000));
    await log.putIfAbsent(id, long);
    await log.putIfAbsent(id, { ...event(2), replaces: long.message_id, replaces_seq: 1 });
    const { message: _text, ...rest } = long;
    const { events, more } = await log.outline(id, 0, 10);
    expect(events[0]).toEqual(rest);
    expect(events[1]).toMatchObject({ seq: 2, replaces: long.message_id, replaces_seq: 1 });
    expect(more).toBe(false);
  });
});

describe('a session in DynamoDB', () => {
  it('is cleared of everything in its partition but its own item', async () => {
    const id = randomUUID();
    const log = new DynamoDbLog(store.table);
    const markers = new DynamoDbMarkers(store.table);
    for (let seq = 1; seq <= 60; seq += 1) await log.putIfAbsent(id, event(seq));
    await markers.claim(id, { message_id: randomUUID(), from: 0, digest: 'd' });
    await store.table.put({ pk: `S#${id}`, sk: 'SESSION', deleted: true });
    await clearSession(store.table, id);
    expect(await store.table.query({ pk: `S#${id}` })).toEqual([{ pk: `S#${id}`, sk: 'SESSION', deleted: true }]);
  });
});
