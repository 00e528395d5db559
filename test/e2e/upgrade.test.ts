import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepare } from '../../local/prepare.ts';
import { createRuntime, type Runtime } from '../../local/runtime.ts';
import { ChatClient } from '../support/chat-client.ts';
import type { ChatSocket } from '../support/chat-socket.ts';
import { type DurableFrame, isEnd } from '../support/frames.ts';
import { findRecord } from '../support/kafka-search.ts';
import { findFaults, noFaults } from '../support/ledger.ts';
import { type ModelStub, startModelStub } from '../support/model-stub.ts';
import { buildNextRelease, type NextRelease, nextSchema } from '../support/next-release.ts';
import { randomOf } from '../support/random.ts';
import { realParts } from '../support/real-parts.ts';

const root = join(import.meta.dirname, '..', '..');
type Release = 'old' | 'new';

describe('functions that are deployed while people chat', () => {
  let runtime: Runtime;
  let model: ModelStub;
  let next: NextRelease;
  let dataDir: string;

  beforeAll(async () => {
    [next, model, dataDir] = await Promise.all([
      buildNextRelease(),
      startModelStub(),
      mkdtemp(join(tmpdir(), 'switchboard-upgrade-')),
    ]);
    runtime = await createRuntime({
      assemblyDir: await prepare({ root, progress: () => undefined }),
      dataDir,
      compileCacheDir: join(root, '.cache', 'node'),
      openAiApiKey: model.env.OPENAI_API_KEY,
      openAiBaseUrl: model.env.OPENAI_BASE_URL,
      kafkaBrokers: realParts?.kafkaBrokers,
      dynamodbEndpoint: realParts?.dynamodbEndpoint,
    });
  });
  afterAll(async () => {
    await runtime.stop();
    await Promise.all([model.close(), next.remove(), rm(dataDir, { recursive: true, force: true })]);
  });

  /** CloudFormation updates functions side by side: each of them at a moment of its own. */
  const deploy = (name: string, release: Release): void => {
    const spec = runtime.model.functions.find((found) => found.name === name);
    if (spec === undefined) throw new Error(`there is no ${name}`);
    runtime.lambda.update([release === 'new' ? next.of(spec) : spec], [name]);
  };
  const deployAll = (release: Release): void => {
    for (const { name } of runtime.model.functions) deploy(name, release);
  };

  for (const [before, after] of [
    ['old', 'new'],
    ['new', 'old'],
  ] as const) {
    it(`a run that the ${before} code suspended is resumed by the ${after}`, async () => {
      deployAll(before);
      const asked = Promise.withResolvers<void>();
      const answer = Promise.withResolvers<void>();
      model.reply = async () => {
        asked.resolve();
        await answer.promise;
        return { kind: 'text', text: 'here it is' };
      };
      const client = new ChatClient(runtime.url);
      const { session_id } = await client.createSession();
      const socket = await client.connect(session_id);
      const underWay = await socket.send('Are you there?');
      await asked.promise;
      const waiting = await socket.send('Still there?');

      deployAll(after);
      const later = await socket.send('And now?');
      answer.resolve();

      for (const { message_id } of [underWay, waiting, later])
        expect(await socket.end(message_id)).toMatchObject({ type: 'assistant', message: 'here it is' });
      expect(findFaults(asTold(socket))).toEqual(noFaults);
      const of = (topic: string, field: string) =>
        findRecord(runtime.kafkaBrokers, topic, ({ value }) => idIn(value, field) === underWay.message_id);
      const schema = { old: '1', new: nextSchema };
      expect((await of('chat-requests', 'message_id')).headers.schema).toBe(schema[before]);
      expect((await of('chat-responses', 'in_reply_to')).headers.schema).toBe(schema[after]);
      await socket.close();
    });
  }

  it('each message gets one answer, in order, while functions go forward and back one by one', async () => {
    const random = randomOf(6);
    const calls = model.calls.length;
    model.reply = ({ question }) => ({ kind: 'text', text: `echo: ${question}`, delayMs: 20 + random.below(80) });
    let deploying = true;
    const talks = await Promise.all(
      Array.from({ length: realParts ? 4 : 2 }, async () => {
        const client = new ChatClient(runtime.url);
        const { session_id } = await client.createSession();
        const socket = await client.connect(session_id);
        const talk = async () => {
          const asked: string[] = [];
          while (deploying) {
            const two = await Promise.all([socket.send('one question'), socket.send('and one behind it')]);
            asked.push(...two.map(({ message_id }) => message_id));
            for (const { message_id } of two) await socket.end(message_id);
          }
          return asked;
        };
        return { session_id, socket, asked: talk() };
      }),
    );
    const sockets = talks.map(({ socket }) => socket);
    for (const release of ['new', 'old'] as const) {
      for (const name of inTurn) {
        deploy(`switchboard-dev-${name}`, release);
        await someEnd(sockets);
      }
      // Until what was asked before the last function changed has ended.
      for (let ends = 0; ends < 3 * sockets.length; ends += 1) await someEnd(sockets);
    }
    deploying = false;

    const asked = (await Promise.all(talks.map((talk) => talk.asked))).flat();
    for (const talk of talks) expect(findFaults(asTold(talk.socket), await talk.asked)).toEqual(noFaults);
    const ends = talks.flatMap(({ socket }) => socket.seen.filter(isEnd));
    expect(ends.filter(({ type }) => type === 'assistant')).toHaveLength(asked.length);
    expect(model.calls.length - calls).toBe(asked.length);
    // Old and new met in every combination, so the test says something.
    const written = async (topic: string, field: string) => {
      const found = new Map<string | undefined, string | undefined>();
      await findRecord(runtime.kafkaBrokers, topic, ({ value, headers }) => {
        found.set(idIn(value, field), headers.schema);
        return asked.every((id) => found.has(id));
      });
      return found;
    };
    const requests = await written('chat-requests', 'message_id');
    const responses = await written('chat-responses', 'in_reply_to');
    const ways = new Set(asked.map((id) => `${requests.get(id)} to ${responses.get(id)}`));
    expect([...ways].sort()).toEqual(['1 to 1', '1 to 2', '2 to 1', '2 to 2']);
    for (const { socket } of talks) await socket.close();
  });
});

/**
 * The functions on a turn's way: who reads requests first, who writes them last, so that in between each release reads
 * what the other one wrote.
 */
const inTurn = ['supervisor', 'conversation', 'responder', 'ws-message'];

/** A message id in a record; others' records in the same topics may be anything. */
function idIn(value: string, field: string): string | undefined {
  try {
    return JSON.parse(value)?.[field];
  } catch {
    return undefined;
  }
}

/** A field that only the next release stores may come with a replay and not with the first push. */
function asTold({ seen }: ChatSocket): readonly DurableFrame[] {
  return seen.map(({ release: _added, ...frame }) => frame as DurableFrame);
}

/** Waits until one of the sockets gets the end of a question. */
async function someEnd(sockets: readonly ChatSocket[]): Promise<void> {
  await Promise.race(sockets.map((socket) => socket.next(isEnd, 'no end while functions are deployed')));
}
