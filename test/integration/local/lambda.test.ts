import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FixtureApp } from '../../support/local-assembly.ts';
import { type RunningFixture, runFixture } from '../../support/local-runtime.ts';

const eventually = { timeout: 10_000, interval: 20 };

const code = (body: string, before = ''): { code: string } => ({
  code: `${before}\nexport const handler = async (event, context) => { ${body} };`,
});

const app: FixtureApp = {
  functions: {
    echo: {
      ...code('return { event, context, left: context.getRemainingTimeInMillis(), env: process.env };'),
      properties: { Timeout: 9 },
    },
    throws: code('throw new TypeError("no good");'),
    throwsText: code('throw "just text";'),
    slow: { ...code('await new Promise((r) => setTimeout(r, event.ms)); return "done";'), properties: { Timeout: 1 } },
    loops: { ...code('if (event.loop) for (;;) ; return "fine";'), properties: { Timeout: 1 } },
    exits: code('if (event.exit !== undefined) process.exit(event.exit); return "fine";'),
    kills: code(
      'if (event.kill) { process.kill(process.pid, "SIGKILL"); await new Promise(() => {}); } return "fine";',
    ),
    rejects: code(
      'if (event.reject) { Promise.reject(new Error("late")); await new Promise(() => {}); } return "fine";',
    ),
    uncaught: code(
      'if (event.uncaught) { setTimeout(() => { throw new RangeError("later"); }); await new Promise(() => {}); } return "fine";',
    ),
    hungry: {
      ...code('const all = []; for (;;) all.push(new Array(1e5).fill(event));'),
      properties: { MemorySize: 128, Timeout: 20 },
    },
    broken: { code: 'throw new Error("cannot load");' },
    brokenExit: { code: 'process.exit(3);' },
    syntax: { code: 'export const handler = async ( => 1;' },
    noHandler: { code: 'export const other = 1;' },
    callback: { code: 'export const handler = (event, context, callback) => callback(null, 1);' },
    counts: code(
      'calls += 1; return { calls, thread: threadId };',
      'import { threadId } from "node:worker_threads"; let calls = 0;',
    ),
    meets: {
      ...code(
        'await new Promise((r) => setTimeout(r, 60)); return threadId;',
        'import { threadId } from "node:worker_threads";',
      ),
      properties: { Timeout: 20 },
    },
    big: code('return "x".repeat(event.size);'),
    nothing: code(''),
    reserved: {
      ...code('await new Promise((r) => setTimeout(r, 200)); return 1;'),
      properties: { ReservedConcurrentExecutions: 1 },
    },
  },
};

let fixture: RunningFixture;
beforeAll(async () => {
  fixture = await runFixture(app, { poolLimits: { perFunction: 3, growAfterMs: 1 } });
});
afterAll(() => fixture.stop());

const invoke = (name: string, payload: unknown = {}) => fixture.runtime.invoke(name, payload);

describe('a function', () => {
  it('sees the event, the context and the environment of Lambda', async () => {
    const { payload } = await invoke('echo', { a: 1 });
    const seen = payload as {
      event: unknown;
      context: Record<string, unknown>;
      left: number;
      env: Record<string, string>;
    };
    expect(seen.event).toEqual({ a: 1 });
    expect(seen.left).toBeGreaterThan(8000);
    expect(seen.left).toBeLessThanOrEqual(9000);
    expect(seen.context).toMatchObject({
      functionName: 'echo',
      functionVersion: '$LATEST',
      memoryLimitInMB: '128',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:echo',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      logGroupName: '/aws/lambda/echo',
    });
    expect(seen.env).toMatchObject({
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'echo',
      _X_AMZN_TRACE_ID: expect.stringContaining('Root=1-'),
    });
    expect(seen.env).not.toHaveProperty('HOME');
  });

  it('keeps its sandbox warm from call to call', async () => {
    const first = (await invoke('counts')).payload as { calls: number; thread: number };
    const second = (await invoke('counts')).payload as { calls: number; thread: number };
    expect(second).toEqual({ calls: first.calls + 1, thread: first.thread });
  });

  it('gets a sandbox for each concurrent call, up to the limit, and the rest wait', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => invoke('meets')));
    const threads = new Set(answers.map(({ payload }) => payload));
    expect(answers.every(({ functionError }) => functionError === undefined)).toBe(true);
    expect(threads.size).toBeGreaterThan(1);
    expect(threads.size).toBeLessThanOrEqual(3);
  });

  it('that returns nothing answers null', async () => {
    expect(await invoke('nothing')).toEqual({ payload: null });
  });
});

describe('what goes wrong in a function stays in it', () => {
  it('an error comes back with its name, message and stack', async () => {
    expect(await invoke('throws')).toEqual({
      functionError: 'Unhandled',
      payload: {
        errorType: 'TypeError',
        errorMessage: 'no good',
        trace: expect.arrayContaining(['TypeError: no good']),
      },
    });
    expect((await invoke('throwsText')).payload).toMatchObject({ errorType: 'string', errorMessage: 'just text' });
  });

  it('a call that takes too long is ended', async () => {
    expect(await invoke('slow', { ms: 5000 })).toMatchObject({
      functionError: 'Unhandled',
      payload: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/),
      },
    });
    expect(await invoke('slow', { ms: 1 })).toEqual({ payload: 'done' });
  });

  it('an endless loop is ended too', async () => {
    expect((await invoke('loops', { loop: true })).payload).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect(await invoke('loops')).toEqual({ payload: 'fine' });
  });

  it.each([
    [0, 'Runtime exited without providing a reason'],
    [7, 'Runtime exited with error: exit status 7'],
  ])('process.exit(%i) ends its sandbox only', async (exit, reason) => {
    const { payload, functionError } = await invoke('exits', { exit });
    expect(functionError).toBe('Unhandled');
    expect(payload).toMatchObject({ errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining(reason) });
    expect(await invoke('exits')).toEqual({ payload: 'fine' });
  });

  it('a signal to its own process ends its sandbox only', async () => {
    expect((await invoke('kills', { kill: true })).payload).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect(await invoke('kills')).toEqual({ payload: 'fine' });
  });

  it('a rejection nobody handles, and an exception nobody catches', async () => {
    expect((await invoke('rejects', { reject: true })).payload).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'late',
    });
    expect((await invoke('uncaught', { uncaught: true })).payload).toMatchObject({
      errorType: 'RangeError',
      errorMessage: 'later',
    });
    expect(await invoke('rejects')).toEqual({ payload: 'fine' });
    expect(await invoke('uncaught')).toEqual({ payload: 'fine' });
  });

  it('more memory than it has', async () => {
    expect((await invoke('hungry', { a: 1 })).payload).toMatchObject({
      errorType: 'Runtime.OutOfMemory',
      errorMessage: expect.stringContaining('signal: killed'),
    });
    expect((await invoke('echo')).functionError).toBeUndefined();
  });

  it.each([
    ['broken', 'Error', 'cannot load'],
    ['brokenExit', 'Runtime.ExitError', 'exit status 3'],
    ['syntax', 'Runtime.UserCodeSyntaxError', ''],
    ['noHandler', 'Runtime.HandlerNotFound', 'index.handler is undefined or not exported'],
    ['callback', 'Runtime.CallbackHandlerDeprecated', 'Node.js 24'],
  ])('code that does not load (%s) fails each call with the reason', async (name, errorType, message) => {
    for (const _ of [1, 2]) {
      expect(await invoke(name)).toMatchObject({
        functionError: 'Unhandled',
        payload: { errorType, errorMessage: expect.stringContaining(message) },
      });
    }
  });

  it('the death of all its workers fails what they were doing, and the next call gets a new one', async () => {
    const call = invoke('meets');
    await expect.poll(() => fixture.runtime.lambda.workers('meets'), eventually).toBeGreaterThan(0);
    await fixture.runtime.killWorkers('meets');
    const { functionError } = await call;
    expect([undefined, 'Unhandled']).toContain(functionError);
    expect((await invoke('meets')).functionError).toBeUndefined();
  });
});

describe("Lambda's API, called by the AWS SDK", () => {
  let client: LambdaClient;
  beforeAll(() => {
    client = new LambdaClient({
      endpoint: fixture.runtime.endpointsUrl,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
    });
  });
  afterAll(() => client.destroy());
  const send = (
    FunctionName: string,
    Payload: string,
    type: 'RequestResponse' | 'Event' | 'DryRun' = 'RequestResponse',
  ) => client.send(new InvokeCommand({ FunctionName, Payload, InvocationType: type }));

  it.each([
    'echo',
    'arn:aws:lambda:us-east-1:123456789012:function:echo',
    'arn:aws:lambda:us-east-1:123456789012:function:echo:$LATEST',
    'echo:$LATEST',
  ])('invokes %s and waits', async (name) => {
    const answer = await send(name, '{"a":1}');
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(JSON.parse(answer.Payload?.transformToString() ?? '')).toMatchObject({ event: { a: 1 } });
  });

  it('tells a function error from an answer', async () => {
    const answer = await send('throws', '{}');
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(JSON.parse(answer.Payload?.transformToString() ?? '')).toMatchObject({ errorMessage: 'no good' });
  });

  it('queues an event with 202, and only looks with DryRun', async () => {
    expect(await send('echo', '{}', 'Event')).toMatchObject({ StatusCode: 202 });
    expect(await send('echo', '{}', 'DryRun')).toMatchObject({ StatusCode: 204 });
  });

  it('refuses as AWS does', async () => {
    await expect(send('nobody', '{}')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(send('nobody', '{}', 'Event')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(send('echo', 'not json')).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
      $metadata: { httpStatusCode: 400 },
    });
    await expect(send('echo', JSON.stringify('x'.repeat(1_048_576)), 'Event')).rejects.toMatchObject({
      name: 'RequestTooLargeException',
      $metadata: { httpStatusCode: 413 },
    });
    await expect(send('echo', JSON.stringify('x'.repeat(6_291_456)))).rejects.toMatchObject({
      name: 'RequestTooLargeException',
    });
  });

  it('refuses an answer above 6 MB', async () => {
    const answer = await send('big', '{"size":6291560}');
    expect(answer.FunctionError).toBe('Unhandled');
    expect(answer.Payload?.transformToString()).toContain('Function.ResponseSizeTooLarge');
  });

  it('throttles above the reserved concurrency', async () => {
    const first = send('reserved', '{}');
    await expect.poll(() => fixture.runtime.lambda.workers('reserved'), eventually).toBe(1);
    await expect(send('reserved', '{}')).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      $metadata: { httpStatusCode: 429 },
    });
    expect(await first).toMatchObject({ StatusCode: 200 });
  });
});
