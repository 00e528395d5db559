import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createRuntime, type Runtime } from '../../../local/runtime.ts';
import { type FixtureApp, type FixtureFolders, writeFixture } from '../../support/local-assembly.ts';

const eventually = { timeout: 10_000, interval: 20 };

/** Keeps what it gets, in a file beside the data, so that another process or a later start can look. */
const collector = (file: string): string => `
  import { appendFileSync } from 'node:fs';
  export const handler = async (event) => appendFileSync(process.env.SEEN + '/${file}', JSON.stringify(event) + '\\n');`;

function app(extra: FixtureApp['functions']): FixtureApp {
  const seen = { Environment: { Variables: { SEEN: '' } } };
  return {
    queues: ['lost'],
    functions: {
      good: { code: collector('good'), properties: seen },
      bad: { code: collector('bad'), properties: seen },
      ...extra,
    },
  };
}

interface World {
  runtime: Runtime;
  readonly folders: FixtureFolders;
  seen(file: 'good' | 'bad'): Record<string, unknown>[];
  restart(): Promise<void>;
}

const open: World[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) {
    await world.runtime.stop();
    world.folders.remove();
  }
});

async function world(extra: FixtureApp['functions'], retryDelaysMs = [20, 30]): Promise<World> {
  const folders = writeFixture(app(extra));
  const start = () =>
    createRuntime({
      ...folders,
      warm: false,
      poolLimits: { perFunction: 17 },
      retryDelaysMs,
      environment: { SEEN: folders.dataDir },
    });
  const made: World = {
    runtime: await start(),
    folders,
    seen: (file) => {
      try {
        const lines = readFileSync(join(folders.dataDir, file), 'utf8').trim().split('\n');
        return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      } catch {
        return [];
      }
    },
    restart: async () => {
      await made.runtime.stop();
      made.runtime = await start();
    },
  };
  open.push(made);
  return made;
}

const send = (runtime: Runtime, functionName: string, payload: unknown): string =>
  runtime.lambda.invokeAsync({ functionName, payload: JSON.stringify(payload) });

const destinations = { onSuccess: 'good', onFailure: 'bad' };

describe('an asynchronous invocation', () => {
  it("tells its destination of the success, in AWS's record", async () => {
    const { runtime, seen } = await world({
      works: { code: 'export const handler = async (event) => ({ got: event });', invokeConfig: destinations },
    });
    const requestId = send(runtime, 'works', { a: 1 });
    await expect.poll(() => seen('good'), eventually).toHaveLength(1);
    expect(seen('good')).toEqual([
      {
        version: '1.0',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        requestContext: {
          requestId,
          functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:works:$LATEST',
          condition: 'Success',
          approximateInvokeCount: 1,
        },
        requestPayload: { a: 1 },
        responseContext: { statusCode: 200, executedVersion: '$LATEST' },
        responsePayload: { got: { a: 1 } },
      },
    ]);
    expect(seen('bad')).toEqual([]);
  });

  it('whose failure goes to a queue stands there, for whoever looks after it', async () => {
    const { runtime, folders } = await world({
      fails: {
        code: 'export const handler = async () => { throw new Error("no"); };',
        invokeConfig: { retries: 0, onFailure: 'lost' },
      },
    });
    send(runtime, 'fails', { a: 1 });
    const kept = () => {
      const file = join(folders.dataDir, 'queues', 'lost.jsonl');
      return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    };
    await expect.poll(kept, eventually).toHaveLength(1);
    expect(JSON.parse(kept()[0] ?? '')).toMatchObject({
      requestContext: { condition: 'RetriesExhausted' },
      requestPayload: { a: 1 },
    });
  });

  it('that fails is tried three times in all, then its failure destination is told', async () => {
    const { runtime, seen } = await world({
      fails: { code: 'export const handler = async () => { throw new Error("no"); };', invokeConfig: destinations },
    });
    send(runtime, 'fails', { a: 1 });
    await expect.poll(() => seen('bad'), eventually).toHaveLength(1);
    expect(seen('bad')).toMatchObject([
      {
        requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
        requestPayload: { a: 1 },
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        responsePayload: { errorType: 'Error', errorMessage: 'no' },
      },
    ]);
  });

  it.each([
    ['throws', 'throw new Error("no")', 'Error'],
    ['exits', 'process.exit(1)', 'Runtime.ExitError'],
    ['takes too long', 'await new Promise(() => setInterval(() => {}, 1000))', 'Sandbox.Timedout'],
  ])('without retries tells of it at once when the function %s', async (_, body, errorType) => {
    const { runtime, seen } = await world({
      once: {
        code: `export const handler = async () => { ${body}; };`,
        properties: { Timeout: 1 },
        invokeConfig: { retries: 0, ...destinations },
      },
    });
    send(runtime, 'once', {});
    await expect.poll(() => seen('bad'), eventually).toHaveLength(1);
    expect(seen('bad')).toMatchObject([
      { requestContext: { approximateInvokeCount: 1 }, responsePayload: { errorType } },
    ]);
  });

  it('that succeeds at a later attempt says at which', async () => {
    const code =
      'let calls = 0; export const handler = async () => { calls += 1; if (calls < 2) throw new Error("not yet"); };';
    const { runtime, seen } = await world({ second: { code, invokeConfig: destinations } });
    send(runtime, 'second', {});
    await expect.poll(() => seen('good'), eventually).toHaveLength(1);
    expect(seen('good')).toMatchObject([{ requestContext: { condition: 'Success', approximateInvokeCount: 2 } }]);
  });

  it('that is throttled waits, and the wait is no attempt', async () => {
    const code =
      'export const handler = async (event) => { await new Promise((r) => setTimeout(r, 200)); return event; };';
    const { runtime, seen } = await world({
      one: { code, properties: { ReservedConcurrentExecutions: 1 }, invokeConfig: { retries: 0, ...destinations } },
    });
    for (const n of [1, 2]) send(runtime, 'one', { n });
    await expect.poll(() => seen('good'), eventually).toHaveLength(2);
    const records = seen('good') as { requestContext: { approximateInvokeCount: number } }[];
    expect(records.map(({ requestContext }) => requestContext.approximateInvokeCount)).toEqual([1, 1]);
    expect(seen('bad')).toEqual([]);
  });

  it('is stopped after sixteen rounds of a circle', async () => {
    const code = 'export const handler = async (event) => ({ rounds: (event.responsePayload?.rounds ?? 0) + 1 });';
    const { runtime, seen } = await world({
      round: { code, invokeConfig: { retries: 0, onSuccess: 'round', onFailure: 'bad' } },
    });
    send(runtime, 'round', {});
    await expect.poll(() => seen('bad'), eventually).toHaveLength(1);
    expect(seen('bad')).toMatchObject([{ requestPayload: { responsePayload: { rounds: 16 } } }]);
  });

  it('goes on in a circle where that is allowed', async () => {
    const code = `export const handler = async (event) => { const rounds = (event.responsePayload?.rounds ?? 0) + 1;
      if (rounds === 20) throw new Error('enough'); return { rounds }; };`;
    const { runtime, seen } = await world({
      round: {
        code,
        properties: { RecursiveLoop: 'Allow' },
        invokeConfig: { retries: 0, onSuccess: 'round', onFailure: 'bad' },
      },
    });
    send(runtime, 'round', {});
    await expect.poll(() => seen('bad'), eventually).toHaveLength(1);
    expect(seen('bad')).toMatchObject([{ requestPayload: { responsePayload: { rounds: 19 } } }]);
  });
});

describe('a function that calls itself', () => {
  it('is stopped after sixteen rounds, counted in the trace header that the AWS SDK hands on', async () => {
    const code = `export const handler = async ({ depth }) => {
      const url = process.env.AWS_ENDPOINT_URL_LAMBDA + '/2015-03-31/functions/direct/invocations';
      const headers = { 'x-amzn-trace-id': process.env._X_AMZN_TRACE_ID };
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ depth: depth + 1 }) });
      return answer.ok ? answer.json() : { depth, status: answer.status, type: answer.headers.get('x-amzn-errortype') };
    };`;
    const { runtime } = await world({ direct: { code, properties: { Timeout: 20 } } });
    const { payload } = await runtime.invoke('direct', { depth: 1 });
    expect(payload).toEqual({ depth: 16, status: 400, type: 'RecursiveInvocationException' });
  });
});

describe('when everything dies', () => {
  /** As kill -9 leaves it: the journal as it was at that moment, and nothing after it. */
  async function dieAndRestart(made: World, entries: readonly unknown[]): Promise<void> {
    await made.runtime.stop();
    const file = join(made.folders.dataDir, 'async-invocations.jsonl');
    appendFileSync(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    await made.restart();
  }
  const event = {
    id: '11111111-1111-4111-8111-111111111111',
    functionName: 'works',
    payload: '{"a":1}',
    acceptedAt: Date.now(),
    traceHeader: 'Root=1-0-0',
  };
  const works = (config: object) => ({
    works: { code: 'export const handler = async (event) => event;', invokeConfig: { ...destinations, ...config } },
  });

  it('what was queued is delivered at the next start', async () => {
    const made = await world(works({ retries: 0 }));
    await dieAndRestart(made, [{ t: 'queued', event }]);
    await expect.poll(() => made.seen('good'), eventually).toHaveLength(1);
    expect(made.seen('good')).toMatchObject([{ requestContext: { requestId: event.id }, responsePayload: { a: 1 } }]);
  });

  it('what was under way has failed, and its destination is told', async () => {
    const made = await world(works({ retries: 0 }));
    await dieAndRestart(made, [
      { t: 'queued', event },
      { t: 'started', id: event.id, attempt: 1 },
    ]);
    await expect.poll(() => made.seen('bad'), eventually).toHaveLength(1);
    expect(made.seen('bad')).toMatchObject([
      {
        requestContext: { requestId: event.id, condition: 'RetriesExhausted' },
        requestPayload: { a: 1 },
        responsePayload: { errorType: 'Runtime.ExitError' },
      },
    ]);
    expect(made.seen('good')).toEqual([]);
  });

  it('what was under way is tried again where retries are left', async () => {
    const made = await world(works({ retries: 1 }));
    await dieAndRestart(made, [
      { t: 'queued', event },
      { t: 'started', id: event.id, attempt: 1 },
    ]);
    await expect.poll(() => made.seen('good'), eventually).toHaveLength(1);
    expect(made.seen('good')).toMatchObject([{ requestContext: { approximateInvokeCount: 2 } }]);
  });

  it('a destination that was not told yet is told, once', async () => {
    const made = await world(works({ retries: 0 }));
    const record = {
      ...event,
      id: '22222222-2222-4222-8222-222222222222',
      functionName: 'good',
      payload: '{"told":1}',
    };
    await dieAndRestart(made, [
      { t: 'queued', event },
      { t: 'started', id: event.id, attempt: 1 },
      { t: 'ended', id: event.id, next: record },
    ]);
    await expect.poll(() => made.seen('good'), eventually).toEqual([{ told: 1 }]);
    await made.restart();
    expect(made.seen('good')).toEqual([{ told: 1 }]);
    expect(made.seen('bad')).toEqual([]);
  });

  it('what became too old meanwhile is not delivered', async () => {
    const made = await world(works({ retries: 0, maxAge: 60 }));
    await dieAndRestart(made, [{ t: 'queued', event: { ...event, acceptedAt: Date.now() - 61_000 } }]);
    await expect.poll(() => made.seen('bad'), eventually).toHaveLength(1);
    const [record] = made.seen('bad');
    expect(record).toMatchObject({ requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 0 } });
    expect(record).not.toHaveProperty('responsePayload');
  });

  it('a line cut short is dropped, and the rest is delivered', async () => {
    const made = await world(works({ retries: 0 }));
    await made.runtime.stop();
    const file = join(made.folders.dataDir, 'async-invocations.jsonl');
    appendFileSync(file, `${JSON.stringify({ t: 'queued', event })}\n{"t":"queued","ev`);
    await made.restart();
    await expect.poll(() => made.seen('good'), eventually).toHaveLength(1);
  });

  it('a damaged queue is not started from, and the message names DATA_DIR', async () => {
    const made = await world(works({ retries: 0 }));
    await made.runtime.stop();
    const file = join(made.folders.dataDir, 'async-invocations.jsonl');
    const intact = readFileSync(file, 'utf8');
    appendFileSync(file, `garbage\n${JSON.stringify({ t: 'queued', event })}\n`);
    await expect(made.restart()).rejects.toMatchObject({ name: 'StartupError', setting: 'DATA_DIR' });
    writeFileSync(file, intact);
    await made.restart();
  });
});
