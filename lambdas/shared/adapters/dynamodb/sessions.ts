import { createHash } from 'node:crypto';
import type { AgentResult } from '../../contracts/calls.ts';
import type { Run, Session, Suspension } from '../../domain/session.ts';
import type { Claim, Sessions } from '../../domain/sessions.ts';
import { sessionKey } from './keys.ts';
import * as mailbox from './mailbox.ts';
import { alive, owner, run } from './mailbox.ts';
import { decodeCursor, encodeCursor } from './session-cursor.ts';
import type { Item, Table } from './table.ts';

/** Partitions of the index of open work, so that no one of them is hot. */
export const openShards = 8;

/** Records of a deleted session may still arrive for as long as the topics keep them: a week. */
const stoneSeconds = 7 * 24 * 3600;

/** Sessions and their mailboxes: one item each. What a deleted session leaves has no `owner` and reads as none. */
export class DynamoDbSessions implements Sessions {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async create(session: Session): Promise<void> {
    await this.#table.put({ ...session, ...sessionKey(session.session_id) }, true);
  }

  async get(sessionId: string, how?: 'eventually'): Promise<Session | undefined> {
    return toSession(await this.#table.get(sessionKey(sessionId), how));
  }

  async wasDeleted(sessionId: string): Promise<boolean> {
    return (await this.#table.get(sessionKey(sessionId)))?.deleted === true;
  }

  async rename(sessionId: string, title: string): Promise<Session | undefined> {
    const update = { update: 'SET title = :title', condition: alive, names: owner, values: { ':title': title } };
    return toSession(await this.#table.update(sessionKey(sessionId), update));
  }

  async touch(sessionId: string, at: Date): Promise<Session | undefined> {
    const item = await this.#table.update(sessionKey(sessionId), {
      update: 'ADD accepts :one SET updated_at = :iso, open_shard = :shard, open_at = :at',
      condition: alive,
      names: owner,
      values: { ':one': 1, ':iso': at.toISOString(), ':shard': shardOf(sessionId), ':at': at.getTime() },
    });
    return toSession(item);
  }

  claim(sessionId: string, seenDoneSeq: number, next: Run, tail: number, at: Date): Promise<Claim> {
    return this.#move(sessionId, mailbox.claim(seenDoneSeq, next, tail, { shard: shardOf(sessionId), at }));
  }

  takeOver(sessionId: string, seen: Run, leaseUntil: number): Promise<Claim> {
    return this.#move(sessionId, mailbox.takeOver(seen, leaseUntil));
  }

  begin(
    sessionId: string,
    callId: string,
    attempt: number,
    worker: string,
    leaseUntil: number,
    sent = 1,
  ): Promise<Claim> {
    return this.#move(sessionId, mailbox.begin(callId, attempt, worker, leaseUntil, sent));
  }

  claimResume(
    sessionId: string,
    callId: string,
    claimant: string,
    leaseUntil: number,
    result?: AgentResult,
  ): Promise<Claim> {
    return this.#move(sessionId, mailbox.claimResume(callId, claimant, leaseUntil, result));
  }

  suspend(sessionId: string, callId: string, next: Suspension): Promise<Claim> {
    return this.#move(sessionId, mailbox.suspend(callId, next));
  }

  release(sessionId: string, seq: number, tail: number): Promise<Claim> {
    return this.#move(sessionId, mailbox.release(seq, tail));
  }

  async releaseLast(sessionId: string, seq: number, tail: number, accepts: number): Promise<boolean> {
    return (await this.#table.update(sessionKey(sessionId), mailbox.releaseLast(seq, tail, accepts))) !== undefined;
  }

  async reach(sessionId: string, seq: number): Promise<void> {
    await this.#table.update(sessionKey(sessionId), mailbox.reach(seq));
  }

  skip(sessionId: string, seenDoneSeq: number, doneSeq: number): Promise<Claim> {
    return this.#move(sessionId, mailbox.skip(seenDoneSeq, doneSeq));
  }

  cancel(sessionId: string, messageId: string): Promise<Claim> {
    return this.#move(sessionId, mailbox.cancel(messageId));
  }

  async settle(seen: Session): Promise<boolean> {
    const update = {
      update: 'SET settled = :accepts REMOVE open_shard, open_at',
      condition: `${alive} AND attribute_not_exists(#run) AND accepts = :accepts AND done_seq = :done`,
      names: { ...owner, ...run },
      values: { ':accepts': seen.accepts, ':done': seen.done_seq },
    };
    return (await this.#table.update(sessionKey(seen.session_id), update)) !== undefined;
  }

  async open(before: Date, limit: number): Promise<string[]> {
    const shards = Array.from({ length: openShards }, (_, shard) => `open#${shard}`);
    const pages = await Promise.all(
      shards.map((shard) =>
        this.#table.index({
          index: 'open',
          condition: 'open_shard = :shard AND open_at < :before',
          values: { ':shard': shard, ':before': before.getTime() },
          limit: Math.ceil(limit / openShards),
          ascending: true,
        }),
      ),
    );
    return pages.flatMap(({ keys }) => keys.map(({ pk }) => String(pk).slice(2)));
  }

  async bury(sessionId: string, again: Date): Promise<boolean> {
    const fields = ['title', 'created_at', 'updated_at', 'tail', 'done_seq', 'accepts', 'settled', 'calm', 'run'];
    const names = Object.fromEntries(fields.map((field) => [`#${field}`, field]));
    const update = {
      update: `SET deleted = :yes, expires_at = :expires, open_shard = :shard, open_at = :again REMOVE #owner, ${Object.keys(names).join(', ')}`,
      condition: alive,
      names: { ...owner, ...names },
      values: {
        ':yes': true,
        ':expires': Math.floor(again.getTime() / 1000) + stoneSeconds,
        ':shard': shardOf(sessionId),
        ':again': again.getTime(),
      },
    };
    return (await this.#table.update(sessionKey(sessionId), update)) !== undefined;
  }

  async settleStone(sessionId: string): Promise<void> {
    const update = { update: 'REMOVE open_shard, open_at', condition: 'deleted = :yes', values: { ':yes': true } };
    await this.#table.update(sessionKey(sessionId), update);
  }

  async postpone(sessionId: string, until: Date): Promise<void> {
    const update = {
      update: 'SET open_at = :until',
      condition: `${alive} AND attribute_exists(open_shard)`,
      names: owner,
      values: { ':until': until.getTime() },
    };
    await this.#table.update(sessionKey(sessionId), update);
  }

  /** An owner's sessions, latest activity first. Throws `invalid_request` for a cursor that is not one of ours. */
  async byOwner(name: string, limit: number, cursor?: string): Promise<{ sessions: Session[]; next?: string }> {
    const start = cursor === undefined ? undefined : decodeCursor(name, cursor);
    const page = await this.#table.index({
      index: 'owner',
      condition: '#owner = :owner',
      names: owner,
      values: { ':owner': name },
      limit,
      ...(start && { start }),
    });
    const items = await this.#table.getAll(page.keys.map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) })));
    const found = items.flatMap((item) => toSession(item) ?? []);
    const byActivity = found.sort((a, b) => b.updated_at.localeCompare(a.updated_at));
    return { sessions: byActivity, ...(page.next && { next: encodeCursor(page.next) }) };
  }

  async #move(sessionId: string, { update, own }: mailbox.Transition): Promise<Claim> {
    const updated = await this.#table.update(sessionKey(sessionId), update);
    const session = updated ? toSession(updated) : await this.get(sessionId);
    const won = updated !== undefined || (session !== undefined && own(session));
    return { won, ...(session && { session }) };
  }
}

/** The shard of the index of open work that a session stands in. */
export function shardOf(sessionId: string): string {
  return `open#${(createHash('sha1').update(sessionId).digest()[0] ?? 0) % openShards}`;
}

function toSession(item: Item | undefined): Session | undefined {
  if (!item || item.owner === undefined) return undefined;
  const { pk: _pk, sk: _sk, open_shard: _shard, open_at: _at, ...session } = item;
  return session as unknown as Session;
}
