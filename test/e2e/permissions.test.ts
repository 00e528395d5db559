import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepare } from '../../local/prepare.ts';
import { createRuntime, type Runtime } from '../../local/runtime.ts';
import { type RecordedCalls, recordCalls } from '../support/aws-calls.ts';
import { ChatClient } from '../support/chat-client.ts';
import { allowing, type Statement, statementsByFunction } from '../support/iam.ts';
import { findRecord } from '../support/kafka-search.ts';
import { echo, type ModelStub, startModelStub } from '../support/model-stub.ts';
import { realParts } from '../support/real-parts.ts';

const root = join(import.meta.dirname, '..', '..');
const prefix = 'switchboard-dev-';

const grantOf = (caller: string, sid: string | undefined, action: string): string =>
  `${caller.replace(prefix, '')} ${sid} ${action}`;

/** Granted and perhaps not used by the test below. */
const rare: Readonly<Record<string, string>> = {
  'ws-connect GuestKey dynamodb:PutItem': 'who needs the key first makes it',
  'http-api GuestKey dynamodb:PutItem': 'who needs the key first makes it',
  'http-message GuestKey dynamodb:PutItem': 'who needs the key first makes it',
  'ws-resume Tableconnections dynamodb:DeleteItem': 'a socket that dies while its replay is sent',
  'conversation Tableconnections dynamodb:DeleteItem': 'a socket that dies while text is streamed',
  'responder Tableconnections dynamodb:DeleteItem': 'a socket that died without a word',
  'conversation Invoke lambda:InvokeFunction': 'its destination, which Lambda invokes with its role',
  'responder Tablesessions dynamodb:BatchWriteItem': 'an end that is stored while its session is deleted',
  'sweep Tablesessions dynamodb:BatchWriteItem': 'what a deletion left behind, a minute later',
  'sweep Tablememory dynamodb:BatchWriteItem': 'what a deletion left behind, a minute later',
  'sweep Tablememory dynamodb:Query': 'what a deletion left behind, a minute later',
  'sweep Tablesessions dynamodb:Query': 'a request that nobody is at work on',
  'sweep Tablesessions dynamodb:UpdateItem': 'a session that is left for later, or settled',
};

describe('what the functions call while people chat', () => {
  let runtime: Runtime;
  let model: ModelStub;
  let recorded: RecordedCalls;
  let statements: Map<string, Statement[]>;
  let dataDir: string;

  beforeAll(async () => {
    const assemblyDir = await prepare({ root, progress: () => undefined });
    statements = statementsByFunction(assemblyDir);
    model = await startModelStub();
    dataDir = await mkdtemp(join(tmpdir(), 'switchboard-iam-'));
    recorded = await recordCalls(() => ({ dynamodb: runtime.dynamodbEndpoint, others: runtime.endpointsUrl }));
    runtime = await createRuntime({
      assemblyDir,
      dataDir,
      compileCacheDir: join(root, '.cache', 'node'),
      warm: false,
      openAiApiKey: 'test',
      openAiBaseUrl: model.env.OPENAI_BASE_URL,
      kafkaBrokers: realParts?.kafkaBrokers,
      dynamodbEndpoint: realParts?.dynamodbEndpoint,
      functionEnvironment: (name) => ({
        AWS_ACCESS_KEY_ID: name,
        AWS_ENDPOINT_URL_DYNAMODB: recorded.url,
        AWS_ENDPOINT_URL_LAMBDA: recorded.url,
        ...callbackOf(name),
      }),
    });
  });
  afterAll(async () => {
    await runtime.stop();
    recorded.close();
    await model.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  function callbackOf(name: string): Record<string, string> {
    const declares = runtime?.model.functions.find((spec) => spec.name === name)?.environment.CALLBACK_URL;
    const [api] = runtime?.model.webSocketApis ?? [];
    return declares && api ? { CALLBACK_URL: `${recorded.url}/execute-api/${api.apiId}/${api.stage}` } : {};
  }

  it('is allowed, call by call, by the statements of their roles', { timeout: 60_000 }, async () => {
    await useEverything();
    const refused = recorded.calls.filter((call) => !allowing(statements.get(call.caller) ?? [], call));
    expect(refused).toEqual([]);
    const callers = new Set(recorded.calls.map(({ caller }) => caller));
    const ours = [...statements.keys()].filter((name) => name.startsWith(prefix));
    // It only produces to Kafka.
    expect(ours.filter((name) => !callers.has(name))).toEqual([`${prefix}dead-letter`]);
  });

  it('is most of what they are allowed: the rest has a reason', () => {
    const used = new Set(
      recorded.calls.map((call) => {
        const { Sid } = allowing(statements.get(call.caller) ?? [], call) ?? {};
        return grantOf(call.caller, Sid, call.action);
      }),
    );
    const granted = [...statements].flatMap(([caller, own]) =>
      own
        .filter(({ Effect }) => Effect === 'Allow')
        .flatMap(({ Sid, Action }) => [Action].flat().map((action) => grantOf(caller, Sid, action))),
    );
    const seen = /\b(dynamodb|lambda|execute-api):/;
    const unused = granted.filter((grant) => seen.test(grant) && !used.has(grant));
    expect(unused.filter((grant) => !(grant in rare))).toEqual([]);
  });

  /** Every route, frame and way of failing that makes a function call something that it else does not. */
  async function useEverything(): Promise<void> {
    const client = new ChatClient(runtime.url);
    const { session_id } = await client.createSession({ title: 'All of it' });
    const path = `/api/sessions/${session_id}`;
    const socket = await client.connect(session_id);
    const { message_id } = await socket.send('What is Kafka?');
    await socket.end(message_id);
    await socket.send('What is Kafka?', message_id);
    socket.raw(JSON.stringify({ action: 'regenerate', message_id }));
    await socket.next(
      ({ type, in_reply_to }) => type === 'assistant' && in_reply_to === message_id,
      'no second answer',
    );
    const edited = await socket.send('Edited', randomUUID());
    await socket.end(edited.message_id);
    socket.raw(JSON.stringify({ action: 'message', message: 'Edited again', replaces: edited.message_id }));
    await socket.next(({ type }) => type === 'assistant', 'no answer to the edit');

    // Stopped under way, with another one waiting that is stopped as well.
    model.reply = () => ({ kind: 'stall', text: 'It goes on and ' });
    const stopped = await socket.send('Go on for ever');
    await socket.next(({ type }) => type === 'delta', 'nothing streamed');
    const waiting = await socket.send('And this');
    for (const id of [waiting.message_id, stopped.message_id])
      socket.raw(JSON.stringify({ action: 'cancel', message_id: id }));
    await socket.end(stopped.message_id);
    await socket.end(waiting.message_id);

    // Its process dies under it, and it is made again.
    model.reply = () => ({ kind: 'stall', text: 'It begins to ' });
    const begun = socket.next(({ type }) => type === 'delta', 'nothing streamed');
    const dying = await socket.send('Try twice');
    await begun;
    model.reply = echo;
    await runtime.killWorkers(`${prefix}conversation`);
    await socket.end(dying.message_id);

    // Too long to travel with the result, or to be one item or frame.
    model.reply = () => ({ kind: 'text', text: `${'word'.repeat(100)} `.repeat(1_200) });
    await socket.ask('A long one');
    model.reply = () => ({ kind: 'status', status: 400 });
    await socket.ask('Not this one');
    model.reply = echo;
    socket.raw(JSON.stringify({ action: 'resume', since: 0 }));
    await socket.next(({ type }) => type === 'replayed', 'no replay');

    const other = await client.connect(session_id, []);
    other.drop();
    const posted = await client.post(session_id, 'Over HTTP');
    await socket.end(posted.body.message_id);
    expect((await client.post(session_id, 'Over HTTP', posted.body.message_id)).status).toBe(202);
    for (const [method, route, body] of [
      ['GET', '/api/sessions', undefined],
      ['GET', path, undefined],
      ['PATCH', path, { title: 'Renamed' }],
      ['GET', `${path}/messages`, undefined],
      ['GET', `${path}/trace/${message_id}`, undefined],
      ['GET', '/api/health', undefined],
      ['DELETE', `${path}/history`, undefined],
    ] as const)
      expect((await client.call(method, route, body)).status, `${method} ${route}`).toBeLessThan(300);

    // From elsewhere: a question, an answer to nothing in particular, and what nobody can use.
    const { produce } = runtime.parts.kafka ?? {};
    const record = (value: unknown) => ({
      key: Buffer.from(session_id),
      value: Buffer.from(JSON.stringify(value)),
      headers: [],
    });
    const elsewhere = socket.next(({ message }) => message === 'echo: From elsewhere', 'no answer to a foreign record');
    await produce?.('chat-requests', [record({ session_id, message: 'From elsewhere' }), record('no request')]);
    await produce?.('chat-responses', [record({ session_id, response: 'By the way' }), record('no response')]);
    for (const topic of ['chat-requests-dlt', 'chat-responses-dlt'])
      await findRecord(runtime.kafkaBrokers, topic, ({ key }) => key === session_id);
    await elsewhere;

    // Looked at by the sweep while an answer is on its way, then deleted.
    model.reply = () => ({ kind: 'stall', text: 'Too late' });
    const late = socket.next(({ type }) => type === 'delta', 'nothing streamed');
    await socket.send('Never to be seen');
    await late;
    const looked = async () => {
      await runtime.invoke(`${prefix}sweep`, {});
      return recorded.calls.some(({ caller, action }) => caller.endsWith('-sweep') && action === 'dynamodb:GetItem');
    };
    await expect.poll(looked, { timeout: 15_000, interval: 250 }).toBe(true);
    expect((await client.call('DELETE', path)).status).toBe(204);
  }
});
