import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { WebSocket } from 'ws';
import { ChatClient } from '../../test/support/chat-client.ts';
import { findFaults, noFaults } from '../../test/support/ledger.ts';
import type { Probe } from './comparison.ts';

/** One origin with the whole product behind it. */
interface Target {
  readonly url: string;
}

async function opened({ url }: Target) {
  const client = new ChatClient(url);
  const { session_id } = await client.createSession();
  return { client, session_id, socket: await client.connect(session_id) };
}

/** The close code after one frame, or what happened in its place. */
async function closeCode(target: Target, frame: string | Uint8Array): Promise<string> {
  const { client, session_id } = await opened(target);
  const socket = new WebSocket(client.socketUrl(session_id), { headers: { authorization: `Bearer ${client.token}` } });
  await once(socket, 'open');
  socket.send(frame);
  const closed = once(socket, 'close').then(([code]) => `closed with ${code}`);
  const answered = once(socket, 'message').then(() => 'taken and answered');
  const waited = new Promise<string>((resolve) => setTimeout(() => resolve('stays open'), 3000));
  const outcome = await Promise.race([closed, answered, waited]);
  socket.terminate();
  return outcome;
}

/** What a user of the chat sees, and what API Gateway documents, through the one origin. */
export const chatProbes: readonly Probe<Target>[] = [
  {
    what: 'HTTP API: payload 2.0 in and out',
    aws: '201, then 200',
    observe: async ({ url }) => {
      const client = new ChatClient(url);
      const made = await client.call<{ session_id: string; token: string }>('POST', '/api/sessions', {
        title: 'Trial',
      });
      client.token = made.body.token;
      return `${made.status}, then ${(await client.call('GET', `/api/sessions/${made.body.session_id}`)).status}`;
    },
  },
  {
    what: 'WebSocket: the status of `$connect` refuses the handshake',
    aws: '401',
    observe: async ({ url }) => String(await new ChatClient(url).refusal('/ws/7d0f2a52-4a44-4f0e-8f57-0c6a3d6a1111')),
  },
  {
    what: 'WebSocket: the answer of a route with a route response',
    aws: 'accepted',
    observe: async (target) => (await (await opened(target)).socket.send('Hello')).type,
  },
  {
    what: 'a turn: WebSocket, Kafka, supervisor, model, Kafka, `@connections`',
    aws: 'assistant',
    observe: async (target) => (await (await opened(target)).socket.ask('What is Kafka?', 60_000)).type,
  },
  {
    what: 'four questions at once: one answer each, in order',
    aws: 'in order',
    observe: async (target) => {
      const { socket } = await opened(target);
      const sent = await Promise.all(['one', 'two', 'three', 'four'].map((text) => socket.send(text)));
      for (const { message_id } of sent) await socket.end(message_id, 60_000);
      return isDeepStrictEqual(findFaults(socket.seen), noFaults)
        ? 'in order'
        : JSON.stringify(findFaults(socket.seen));
    },
  },
  {
    what: 'a second tab: the replay of all before, and the next answer',
    aws: 'both',
    observe: async (target) => {
      const { client, session_id, socket } = await opened(target);
      await socket.ask('What is Kafka?', 60_000);
      const other = await client.connect(session_id, []);
      const replayed = other.seen.length;
      const { message_id } = await socket.send('And Lambda?');
      await other.end(message_id, 60_000);
      return replayed >= 2 ? 'both' : `${replayed} events replayed`;
    },
  },
  {
    what: 'text is streamed through `@connections` while the model writes',
    aws: 'several deltas',
    observe: async (target) => {
      const { socket } = await opened(target);
      await socket.ask('What is Kafka?', 60_000);
      const deltas = socket.frames.filter(({ type }) => type === 'delta').length;
      return deltas > 1 ? 'several deltas' : `${deltas} deltas`;
    },
  },
  {
    what: 'deleted while connected: told by `@connections`, socket closed by DELETE',
    aws: 'session_deleted, closed',
    observe: async (target) => {
      const { client, session_id, socket } = await opened(target);
      const told = socket.next(({ type }) => type === 'session_deleted', 'not told', 10_000);
      const closed = socket.closed();
      await client.call('DELETE', `/api/sessions/${session_id}`);
      return `${(await told).type}, ${await closed.then(
        () => 'closed',
        () => 'still open',
      )}`;
    },
  },
  {
    what: 'three sessions at once: invocations of one function run side by side',
    aws: 'side by side',
    observe: async (target) => {
      const talks = await Promise.all([opened(target), opened(target), opened(target)]);
      let ends = 0;
      const endsBefore = talks.map(async ({ socket }) => {
        const { message_id } = await socket.send('What is Kafka?');
        await socket.next(({ type }) => type === 'delta', 'nothing streamed', 60_000);
        const before = ends;
        await socket.end(message_id, 60_000);
        ends += 1;
        return before;
      });
      const last = Math.max(...(await Promise.all(endsBefore)));
      return last === 0 ? 'side by side' : 'one waits for the end of another';
    },
  },
  {
    what: 'a frame above 32 KB',
    aws: 'closed with 1009',
    observe: (target) => closeCode(target, 'x'.repeat(40_000)),
  },
  {
    what: 'a binary frame',
    aws: 'closed with 1003',
    observe: (target) => closeCode(target, new Uint8Array([1, 2, 3])),
  },
];
