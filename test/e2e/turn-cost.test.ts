import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { typicalTurn } from '../../lib/cost/turn-profile.ts';
import type { Log } from '../../local/log.ts';
import { prepare } from '../../local/prepare.ts';
import { createRuntime, type Runtime } from '../../local/runtime.ts';
import { recordCalls } from '../support/aws-calls.ts';
import { ChatClient } from '../support/chat-client.ts';
import { startModelStub } from '../support/model-stub.ts';
import { realParts } from '../support/real-parts.ts';

const root = join(import.meta.dirname, '..', '..');
const question = 'What is Kafka, and why would one use it for chats? '.repeat(3);
const answer = 'lorem ipsum dolor '.repeat(56).slice(0, 1000);
const seconds = 1.3;

// The embedded store counts request units as AWS documents them, for items and not for indexes.
describe.skipIf(realParts !== undefined)('a turn of a session in use', () => {
  it('takes what the cost card charges for', async () => {
    const { runtime, calls, lines, stream } = await startCounted();
    const client = new ChatClient(runtime.url);
    const { session_id } = await client.createSession({ title: 'A title of usual length' });
    const socket = await client.connect(session_id);
    for (let turn = 1; turn <= 20; turn += 1) {
      await socket.ask(question);
      // A question that comes sooner overlaps with the one before, whose release and settling then are two writes.
      await settled(calls, turn);
    }
    const before = { calls: calls.length, frames: socket.frames.length, lines: lines.length };
    stream();
    const since = performance.now();
    await socket.ask(question);
    const seconds = (performance.now() - since) / 1000;
    await settled(calls, 21);

    const made = calls.slice(before.calls);
    const frames = socket.frames.slice(before.frames);
    const units = (kind: RegExp) =>
      made.filter(({ action }) => kind.test(action)).reduce((sum, call) => sum + (call.units ?? 0), 0);
    const [indexes, handshake] = [4, typicalTurn.handshakes];
    expect(units(/:(Put|Update|Delete)Item$/)).toBe(typicalTurn.writeUnits - indexes - 4 * handshake);

    // A look is a session and its sockets, at half a unit each; the profile's answer takes 4 s.
    const looks = made.filter(({ units: each, action }) => each === 0.5 && action === 'dynamodb:GetItem').length;
    expect(looks).toBeGreaterThanOrEqual(1);
    const withoutLooks = units(/:(GetItem|Query)$/) - looks;
    const charged = typicalTurn.readUnits - 6 - 1 - 4 * handshake;
    // Twenty exchanges are 24 to 28 KB: 6 or 7.
    expect([charged - 1, charged]).toContain(withoutLooks);

    // The profile's answer takes 4 s; on a busy machine this one takes longer than it is meant to.
    const deltas = frames.filter(({ type }) => type === 'delta').length;
    expect(frames.length - deltas + 1).toBe(typicalTurn.socketMessages - 2 * handshake);
    expect(deltas).toBeLessThanOrEqual(Math.ceil((typicalTurn.deltas * seconds) / 4) + 2);
    const invoked = made.filter(({ action }) => action === 'lambda:InvokeFunction').map(({ resource }) => resource);
    expect(invoked.sort()).toEqual(['function:switchboard-dev-conversation', 'function:switchboard-dev-responder']);
    const logged = lines.slice(before.lines);
    expect(logged).toHaveLength(11);
    expect(logged.join('\n').length).toBeLessThan(4_000 * 1.05);
  });
});

/** The product with its calls and lines counted, and a model that answers at once until it is told to stream. */
async function startCounted() {
  const model = await startModelStub();
  model.reply = () => ({ kind: 'text', text: answer });
  const dataDir = await mkdtemp(join(tmpdir(), 'switchboard-cost-'));
  let runtime: Runtime | undefined;
  const recorded = await recordCalls(() => ({
    dynamodb: runtime?.dynamodbEndpoint ?? '',
    others: runtime?.endpointsUrl ?? '',
  }));
  const lines: string[] = [];
  runtime = await createRuntime({
    assemblyDir: await prepare({ root, progress: () => undefined }),
    dataDir,
    compileCacheDir: join(root, '.cache', 'node'),
    openAiApiKey: 'test',
    openAiBaseUrl: model.env.OPENAI_BASE_URL,
    log: linesOnly(lines),
    functionEnvironment: (name) => ({
      AWS_ACCESS_KEY_ID: name,
      AWS_ENDPOINT_URL_DYNAMODB: recorded.url,
      AWS_ENDPOINT_URL_LAMBDA: recorded.url,
    }),
  });
  const started = runtime;
  onTestFinished(async () => {
    await started.stop();
    recorded.close();
    await model.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const words = answer.split(' ').length;
  const stream = (): void => {
    model.reply = () => ({ kind: 'text', text: answer, wordMs: (seconds * 1000) / words });
  };
  return { runtime: started, calls: recorded.calls, lines, stream };
}

/** What functions print, as it is. */
function linesOnly(lines: string[]): Log {
  const nothing = (): void => undefined;
  const log = {
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: nothing,
    for: () => log,
    line: (text: string) => void lines.push(text),
  };
  return log;
}

/** The end and the trace are stored, and the session is released: the last things that a turn does. */
async function settled(calls: readonly { action: string; caller: string }[], turns: number): Promise<void> {
  const made = (operation: string) =>
    calls.filter(({ action, caller }) => action === `dynamodb:${operation}` && caller.endsWith('-responder')).length;
  const done = () => made('UpdateItem') >= turns && made('PutItem') >= 2 * turns;
  await expect.poll(done, { timeout: 15_000, interval: 20 }).toBe(true);
}
