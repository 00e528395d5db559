import { createHash } from 'node:crypto';
import type { AgentResult } from '../../contracts/calls.ts';
import { ChatError } from '../../domain/errors.ts';
import type { Run, Session } from '../../domain/session.ts';
import type { Claim, Sessions } from '../../domain/sessions.ts';
import { sessionKey } from './keys.ts';
import type { Item, Table, Update } from './table.ts';

/** Partitions of the index of open work, so that no one of them is hot. */
export const openShards = 8;

/** Records of a deleted session may still arrive for as long as the topics keep them: a week. */
const stoneSeconds = 7 * 24 * 3600;

const alive = 'attribute_exists(#owner)';
const owner = { '#owner': 'owner' };
const run = { '#run': 'run' };

/** Sessions and their mailboxes: one item each. What a deleted session leaves has no `owner` and reads as none. */
export class DynamoDbSessions implements Sessions {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async create(session: Session): Promise<void> {
    await this.#table.put({ ...session, ...sessionKey(session.session_id) }, true);
  }

  async get(sessionId: string): Promise<Session | undefined> {
    return toSession(await this.#table.get(sessionKey(sessionId)));
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

  async claim(sessionId: string, seenDoneSeq: number, next: Run, tail: number): Promise<Claim> {
    const update = {
      update: 'SET #run = :run, tail = :tail',
      condition: `${alive} AND attribute_not_exists(#run) AND done_seq = :seen`,
      names: { ...owner, ...run },
      values: { ':run': next, ':tail': tail, ':seen': seenDoneSeq },
    };
    return this.#claim(sessionId, update, (session) => session.run?.run_id === next.run_id);
  }

  async takeOver(sessionId: string, seen: Run, leaseUntil: number): Promise<Claim> {
    const attempt = seen.begun + 1;
    const update = {
      update: 'SET #run.phase = :calling, #run.lease_until = :until, #run.#call.attempt = :attempt',
      condition: '#run.#call.call_id = :call AND #run.lease_until = :seen AND #run.begun = :begun',
      names: { ...run, '#call': 'call' },
      values: {
        ':calling': 'calling',
        ':until': leaseUntil,
        ':attempt': attempt,
        ':call': seen.call.call_id,
        ':seen': seen.lease_until,
        ':begun': seen.begun,
      },
    };
    const own = (found: Run) => found.lease_until === leaseUntil && found.call.attempt === attempt;
    return this.#claim(sessionId, update, (session) => session.run !== undefined && own(session.run));
  }

  async begin(sessionId: string, callId: string, attempt: number, worker: string, leaseUntil: number): Promise<Claim> {
    const update = {
      update: 'SET #run.begun = :attempt, #run.worker = :worker, #run.lease_until = :until',
      condition: '#run.#call.call_id = :call AND #run.begun < :attempt AND #run.phase = :calling',
      names: { ...run, '#call': 'call' },
      values: { ':attempt': attempt, ':worker': worker, ':until': leaseUntil, ':call': callId, ':calling': 'calling' },
    };
    const own = (found: (Run & { worker?: string }) | undefined) =>
      found?.call.call_id === callId && found.begun === attempt && found.worker === worker;
    return this.#claim(sessionId, update, (session) => own(session.run));
  }

  async claimResume(
    sessionId: string,
    callId: string,
    claimant: string,
    leaseUntil: number,
    result?: AgentResult,
  ): Promise<Claim> {
    const update = {
      update: `SET #run.phase = :resuming, #run.claimant = :claimant, #run.lease_until = :until${
        result ? ', #run.#result = :result' : ''
      }`,
      condition: '#run.#call.call_id = :call AND #run.phase = :calling',
      names: { ...run, '#call': 'call', ...(result && { '#result': 'result' }) },
      values: {
        ':resuming': 'resuming',
        ':calling': 'calling',
        ':claimant': claimant,
        ':until': leaseUntil,
        ':call': callId,
        ...(result && { ':result': result }),
      },
    };
    const own = (found: (Run & { claimant?: string }) | undefined) =>
      found?.call.call_id === callId && found.phase === 'resuming' && found.claimant === claimant;
    return this.#claim(sessionId, update, (session) => own(session.run));
  }

  async suspend(sessionId: string, callId: string, next: Run): Promise<Claim> {
    const update = {
      update: 'SET #run = :run',
      condition: '#run.#call.call_id = :call AND #run.phase = :resuming',
      names: { ...run, '#call': 'call' },
      values: { ':run': next, ':call': callId, ':resuming': 'resuming' },
    };
    return this.#claim(sessionId, update, (session) => session.run?.call.call_id === next.call.call_id);
  }

  async release(sessionId: string, seq: number, tail: number): Promise<Claim> {
    const update = {
      update: 'SET done_seq = :seq, tail = :tail REMOVE #run',
      condition: '#run.seq = :seq',
      names: run,
      values: { ':seq': seq, ':tail': tail },
    };
    return this.#claim(sessionId, update, (session) => session.done_seq >= seq);
  }

  async skip(sessionId: string, seenDoneSeq: number, doneSeq: number): Promise<Claim> {
    const update = {
      update: 'SET done_seq = :next',
      condition: `${alive} AND attribute_not_exists(#run) AND done_seq = :seen`,
      names: { ...owner, ...run },
      values: { ':next': doneSeq, ':seen': seenDoneSeq },
    };
    return this.#claim(sessionId, update, (session) => session.done_seq >= doneSeq);
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
    const fields = ['title', 'created_at', 'updated_at', 'tail', 'done_seq', 'accepts', 'settled', 'run'];
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
      condition: 'attribute_exists(open_shard)',
      values: { ':until': until.getTime() },
    };
    await this.#table.update(sessionKey(sessionId), update);
  }

  async cancel(sessionId: string, messageId: string): Promise<Claim> {
    const update = {
      update: 'SET #run.cancel = :yes',
      condition: '#run.message_id = :message',
      names: run,
      values: { ':yes': true, ':message': messageId },
    };
    return this.#claim(sessionId, update, () => false);
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

  /**
   * Updates under a condition. A condition that does not hold may be our own write, made by an attempt whose answer
   * was lost: `own` tells by what is stored now.
   */
  async #claim(sessionId: string, update: Update, own: (session: Session) => boolean): Promise<Claim> {
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

/** Where a list goes on, opaque to callers: the session and its time. */
function encodeCursor({ pk, updated_at }: Item): string {
  return Buffer.from(JSON.stringify([pk, updated_at])).toString('base64url');
}

function decodeCursor(name: string, cursor: string): Item {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const [pk, updated_at] = Array.isArray(value) ? (value as unknown[]) : [];
    if (typeof pk === 'string' && typeof updated_at === 'string' && pk !== '' && updated_at !== '') {
      return { pk, sk: 'SESSION', owner: name, updated_at };
    }
  } catch {
    // Told below.
  }
  throw new ChatError('invalid_request', '`cursor` is not one that this route gave.');
}

function toSession(item: Item | undefined): Session | undefined {
  if (!item || item.owner === undefined) return undefined;
  const { pk: _pk, sk: _sk, open_shard: _shard, open_at: _at, ...session } = item;
  return session as unknown as Session;
}
