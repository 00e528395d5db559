import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createConversationGraph } from '../../lambdas/conversation/graph.ts';
import { createChatModel } from '../../lambdas/shared/adapters/openai/chat-model.ts';
import { renewModelKey } from '../../lambdas/shared/adapters/openai/model-key.ts';
import { synthesize } from '../../lib/synthesize.ts';
import { listen } from '../../local/http/listen.ts';
import { prepare } from '../../local/prepare.ts';
import { createRuntime } from '../../local/runtime.ts';
import { readModel } from '../../local/template/read-model.ts';
import { ChatClient } from '../support/chat-client.ts';
import { startModelStub } from '../support/model-stub.ts';
import { realParts } from '../support/real-parts.ts';

const root = join(import.meta.dirname, '..', '..');

describe('a new origin secret', () => {
  it('takes the place of the old one without refusing anybody on the way', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'switchboard-keys-'));
    const first = await prepare({ root, progress: () => undefined });
    const second = join(folder, 'second');
    await synthesize({ root, outdir: second, context: { settings: { site: { originSecretVersion: 2 } } } });
    const runtime = await createRuntime({
      assemblyDir: first,
      dataDir: join(folder, 'data'),
      compileCacheDir: join(root, '.cache', 'node'),
      kafkaBrokers: realParts?.kafkaBrokers,
      dynamodbEndpoint: realParts?.dynamodbEndpoint,
    });
    onTestFinished(async () => {
      await runtime.stop();
      await rm(folder, { recursive: true, force: true });
    });
    const client = new ChatClient(runtime.url);
    const { session_id } = await client.createSession();
    const passes = async () => {
      const { status } = await client.call('GET', `/api/sessions/${session_id}`);
      return [status, (await client.refusal(`/ws/${session_id}`)) ?? 'open'];
    };
    /** The functions of another version, behind the distribution that is there. */
    const functionsOf = (dir: string): void => {
      const { functions } = readModel(dir, { kafkaBrokers: '', kafkaIncarnation: '' });
      const checking = functions.filter(({ environment }) => 'ORIGIN_SECRET' in environment);
      runtime.lambda.update(
        checking,
        checking.map(({ name }) => name),
      );
    };
    expect(await passes()).toEqual([200, 'open']);
    functionsOf(second);
    expect(await passes(), 'functions know both values, CloudFront sends the first').toEqual([200, 'open']);
    runtime.deploy(second);
    expect(await passes(), 'CloudFront sends the second').toEqual([200, 'open']);
    functionsOf(first);
    expect(await passes(), 'functions that do not know the value yet').toEqual([403, 403]);
  });
});

describe('a new key of the model', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is read when the model refuses the one before, and nobody notices', async () => {
    let secret = 'first';
    let reads = 0;
    const secrets = createServer((_request, response) => {
      reads += 1;
      response.setHeader('content-type', 'application/x-amz-json-1.1').end(JSON.stringify({ SecretString: secret }));
    });
    const model = await startModelStub();
    onTestFinished(async () => {
      secrets.close();
      await model.close();
    });
    const settings = {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${await listen(secrets, 0, '127.0.0.1')}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      ...model.env,
      OPENAI_API_KEY: '',
      OPENAI_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:ModelKey',
    };
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
    let accepted = ['first'];
    model.reply = ({ authorization, question }) =>
      accepted.some((key) => authorization === `Bearer ${key}`)
        ? { kind: 'text', text: `echo: ${question}` }
        : { kind: 'status', status: 401 };
    const ask = async (question: string) => {
      const graph = createConversationGraph(await createChatModel(), { idleMs: 5_000, totalMs: 10_000 }, renewModelKey);
      return (await graph.invoke({ question, history: [] })).answer;
    };
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());

    expect(await ask('one')).toBe('echo: one');
    [secret, accepted] = ['second', ['first', 'second']];
    expect(await ask('two')).toBe('echo: two');
    expect(reads, 'while the old one is good').toBe(1);
    vi.advanceTimersByTime(60_000);
    accepted = ['second'];
    expect(await ask('three')).toBe('echo: three');
    expect(await ask('four')).toBe('echo: four');
    expect(reads).toBe(2);
    expect(model.calls.map(({ authorization }) => authorization)).toEqual([
      ...['Bearer first', 'Bearer first', 'Bearer first', 'Bearer second', 'Bearer second'],
    ]);

    accepted = [];
    vi.advanceTimersByTime(60_000);
    await expect(ask('five')).rejects.toMatchObject({ code: 'model_misconfigured', transient: false });
    await expect(ask('six')).rejects.toMatchObject({ code: 'model_misconfigured' });
    expect(reads, 'a wrong key is not read again at every question').toBe(3);
  });
});
