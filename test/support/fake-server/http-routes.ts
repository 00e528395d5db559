import type { FakeSession, Fields } from './session.ts';

/** What the routes work on. */
export interface FakeState {
  readonly sessions: Map<string, FakeSession>;
  readonly create: () => FakeSession;
  readonly remove: (session: FakeSession) => void;
  readonly demo: boolean;
}

export interface Answer {
  readonly status: number;
  readonly body?: Fields;
}

/** Answers a call of the contract's HTTP routes (section 2). */
export function route(state: FakeState, method: string, url: URL, body: Fields): Answer {
  const [, , collection, id, part, last] = url.pathname.split('/');
  if (collection === 'health') {
    return { status: 200, body: { status: 'ok', checks: { model: { name: 'demo', demo: state.demo } } } };
  }
  if (collection !== 'sessions') return problem(404, 'not_found');
  if (id === undefined) return method === 'POST' ? created(state, body) : list(state, url);
  const session = state.sessions.get(id);
  if (!session) return problem(404, 'not_found');
  if (part === undefined) return one(state, session, method, body);
  if (part === 'messages') return method === 'POST' ? sent(session, body) : messages(session, url);
  if (part === 'history') return { status: 204 };
  if (part === 'trace' && last !== undefined) return trace(session, last);
  return problem(404, 'not_found');
}

function created(state: FakeState, { title }: Fields): Answer {
  const session = state.create();
  if (typeof title === 'string') session.title = title;
  return { status: 201, body: { ...session.summary, token: 'not-used' } };
}

function list(state: FakeState, url: URL): Answer {
  const start = Number(url.searchParams.get('cursor') ?? 0);
  const end = start + Number(url.searchParams.get('limit') ?? 20);
  const all = [...state.sessions.values()].sort((a, b) => b.updated_at.localeCompare(a.updated_at));
  const sessions = all.slice(start, end).map(({ summary }) => summary);
  return { status: 200, body: { sessions, next_cursor: end < all.length ? String(end) : null } };
}

function one(state: FakeState, session: FakeSession, method: string, { title }: Fields): Answer {
  if (method === 'DELETE') {
    state.remove(session);
    return { status: 204 };
  }
  if (method === 'PATCH') {
    if (typeof title !== 'string') return problem(400, 'invalid_request');
    session.title = title;
  }
  return { status: 200, body: session.summary };
}

function sent(session: FakeSession, { message_id, message, replaces }: Fields): Answer {
  if (typeof message !== 'string' || message.trim() === '') return problem(400, 'invalid_request');
  if (message.length > 100_000) return problem(413, 'too_large');
  const id = typeof message_id === 'string' ? message_id : crypto.randomUUID();
  const reply = session.accept(id, message, typeof replaces === 'string' ? replaces : undefined);
  if (reply.type === 'error') return problem(409, 'conflict');
  return { status: 202, body: { message_id: id, seq: reply.seq, status: reply.status } };
}

function messages(session: FakeSession, url: URL): Answer {
  const since = Number(url.searchParams.get('since') ?? 0);
  const limit = Number(url.searchParams.get('limit') ?? 100);
  const shown = session.log.filter(({ seq, type }) => seq > since && type !== 'regenerate');
  const page = shown.slice(0, limit);
  const next = shown.length > limit ? page.at(-1)?.seq : null;
  const rows = page.map(({ type, message, ...event }) => ({
    ...event,
    role: type === 'user' ? 'user' : 'assistant',
    content: message,
    status: type === 'user' || type === 'assistant' ? 'complete' : type,
  }));
  const body = { session_id: session.session_id, messages: rows, last_seq: session.log.length, next_since: next };
  return { status: 200, body };
}

/** Steps of a way, with the milliseconds each takes. */
const way = [
  ['ws-message', 'received', 2],
  ['ws-message', 'stored', 9],
  ['ws-message', 'produced', 4],
  ['supervisor', 'consumed', 3],
  ['supervisor', 'supervised', 6],
  ['conversation', 'memory read', 8],
  ['conversation', 'model called', 240],
  ['conversation', 'model answered', 610],
  ['conversation', 'memory written', 7],
  ['supervisor', 'resumed', 5],
  ['supervisor', 'produced', 4],
  ['responder', 'consumed', 3],
  ['responder', 'stored', 8],
  ['responder', 'pushed', 3],
] as const;

function trace(session: FakeSession, messageId: string): Answer {
  if (!session.log.some((event) => event.message_id === messageId)) return problem(404, 'not_found');
  let at = Date.now();
  const start = at;
  const steps = way.map(([component, action, ms]) => {
    at += ms;
    return { step: action, component, action, at, ms };
  });
  return { status: 200, body: { message_id: messageId, steps, total_ms: at - start } };
}

function problem(status: number, code: string): Answer {
  return { status, body: { type: 'about:blank', title: code, status, code, detail: `It was refused: ${code}.` } };
}
