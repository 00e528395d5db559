import { randomUUID } from 'node:crypto';
import { deleteSession } from '../../shared/domain/deletion.ts';
import { deliver } from '../../shared/domain/delivery.ts';
import { ChatError } from '../../shared/domain/errors.ts';
import { toFrame } from '../../shared/domain/frames.ts';
import { maxTitleLength } from '../../shared/domain/limits.ts';
import { rename } from '../../shared/domain/rename.ts';
import type { Session } from '../../shared/domain/session.ts';
import { bodyOf, numberIn, ownSession } from '../../shared/http/request.ts';
import { json, noContent, withCookie } from '../../shared/http/respond.ts';
import type { Identity } from '../../shared/platform/identity.ts';
import type { ApiPorts, Route } from '../ports.ts';

/** Creates a session; a first caller gets an identity with it. */
export const createSession: Route = async (ports, { event, caller }) => {
  const title = titleOf(bodyOf(event).title) ?? '';
  const { owner, token } = caller ?? (await newIdentity(ports));
  const at = new Date().toISOString();
  const session_id = randomUUID();
  const session = { session_id, owner, title, created_at: at, updated_at: at, tail: 0, done_seq: 0, accepts: 0 };
  await ports.sessions.create(session);
  const answer = json(201, { ...shown(session, 0), ...(token !== undefined && { token }) });
  return caller || token === undefined ? answer : withCookie(answer, event, token);
};

/** The caller's sessions, latest activity first. */
export const listSessions: Route = async (ports, { event, caller }) => {
  const limit = numberIn(event, 'limit', { fallback: 50, min: 1, max: 100 });
  if (!caller) {
    const { token } = await newIdentity(ports);
    const empty = json(200, { sessions: [], next_cursor: null });
    return token === undefined ? empty : withCookie(empty, event, token);
  }
  const { sessions, next } = await ports.sessions.byOwner(caller.owner, limit, event.queryStringParameters?.cursor);
  return json(200, { sessions: sessions.map((session) => shown(session, session.tail)), next_cursor: next ?? null });
};

export const readSession: Route = async (ports, { caller, places }) => {
  const session = await ownSession(ports.sessions, caller, places[0]);
  return json(200, shown(session, await ports.log.lastSeq(session.session_id)));
};

export const renameSession: Route = async (ports, { event, caller, places }) => {
  const session = await ownSession(ports.sessions, caller, places[0]);
  const title = titleOf(bodyOf(event).title);
  if (title === undefined) throw new ChatError('invalid_request', '`title` is missing.');
  const renamed = await rename(ports, session, title, new Date());
  if (renamed) await deliver(ports, session.session_id, [toFrame(session.session_id, renamed.event)]);
  return json(200, shown({ ...session, title }, await ports.log.lastSeq(session.session_id)));
};

/** Deletes a session with all that is in it, tells its open tabs, and closes them. */
export const deleteOwnSession: Route = async (ports, { caller, places }) => {
  const { session_id } = await ownSession(ports.sessions, caller, places[0]);
  await deleteSession(ports, session_id, Date.now());
  const connections = await ports.connections.list(session_id);
  const farewell = JSON.stringify({ type: 'session_deleted', session_id });
  await Promise.all(
    connections.map(async (connection_id) => {
      await ports.sockets.post(connection_id, farewell);
      await ports.sockets.close(connection_id);
      await ports.connections.remove({ connection_id, session_id });
    }),
  );
  return noContent;
};

async function newIdentity(ports: ApiPorts): Promise<Identity> {
  if (!ports.tokens) throw new ChatError('unauthorized', 'Credentials are needed.');
  return (await ports.tokens()).issue();
}

function titleOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new ChatError('invalid_request', '`title` must be a string.');
  const title = value.trim();
  if (title.length > maxTitleLength) {
    throw new ChatError('invalid_request', `\`title\` must have at most ${maxTitleLength} characters.`);
  }
  return title;
}

function shown({ session_id, created_at, updated_at, title }: Session, last_seq: number) {
  return { session_id, created_at, updated_at, title: title ?? '', last_seq };
}
