/**
 * The thread side of a worker: what the runtime of `nodejs24.x` does with a function. It is started from its text (see
 * source.ts), so it imports Node's own modules only.
 */
import { existsSync } from 'node:fs';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { FunctionErrorPayload, Invocation, WorkerInput, WorkerMessage } from './protocol.ts';

type Handler = (event: unknown, context: unknown) => unknown;

const { codeDir, handler: handlerName, compileCacheDir } = workerData as WorkerInput;
const port = parentPort;
let current: Invocation | undefined;

function send(message: WorkerMessage): void {
  port?.postMessage(message);
}

/** Like Lambda's runtime: the error's own name, message and stack; anything thrown that is no error as text. */
function describe(thrown: unknown): FunctionErrorPayload {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
}

/** An error that takes the process down, told first; the exit code is the one that Lambda's runtime uses. */
function crash(error: FunctionErrorPayload, exitCode: number): void {
  if (current === undefined) send({ type: 'init-error', error });
  else send({ type: 'error', requestId: current.requestId, error, fatal: true });
  process.exit(exitCode);
}

async function load(): Promise<Handler> {
  if (compileCacheDir !== undefined) enableCompileCache(compileCacheDir);
  const [, file = '', name = ''] = /^(.*)\.([^.]+)$/.exec(handlerName) ?? [];
  const path = ['.mjs', '.js', '.cjs']
    .map((extension) => join(codeDir, `${file}${extension}`))
    .find((path) => existsSync(path));
  if (path === undefined) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`);
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown> & {
    default?: Record<string, unknown>;
  };
  const handler = module[name] ?? module.default?.[name];
  if (typeof handler !== 'function')
    throw named('Runtime.HandlerNotFound', `${handlerName} is undefined or not exported`);
  if (handler.length >= 3) {
    throw named(
      'Runtime.CallbackHandlerDeprecated',
      'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later.',
    );
  }
  return handler as Handler;
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

function contextOf(invocation: Invocation): Record<string, unknown> {
  const { env } = process;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: invocation.clientContext,
    identity: undefined,
    invokedFunctionArn: invocation.invokedFunctionArn,
    awsRequestId: invocation.requestId,
    getRemainingTimeInMillis: () => invocation.deadlineMs - Date.now(),
  };
}

async function answer(handler: Handler, invocation: Invocation): Promise<void> {
  const { requestId } = invocation;
  current = invocation;
  process.env._X_AMZN_TRACE_ID = invocation.traceHeader;
  try {
    const result = await handler(JSON.parse(invocation.payload), contextOf(invocation));
    current = undefined;
    send({ type: 'result', requestId, payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    current = undefined;
    send({ type: 'error', requestId, error: describe(error), fatal: false });
  }
}

process.on('uncaughtException', (error) => crash(describe(error), 129));
process.on('unhandledRejection', (reason) => {
  const { errorMessage, trace } = describe(reason);
  crash({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage, trace: trace ?? [] }, 128);
});
/** A signal to the own process id would end the whole runtime, not just this function. */
process.kill = () => {
  crash({ errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited with error: signal: killed' }, 137);
  return true;
};

try {
  const handler = await load();
  port?.on('message', (invocation: Invocation) => void answer(handler, invocation));
  send({ type: 'ready' });
  if (compileCacheDir !== undefined) flushCompileCache();
} catch (error) {
  const described = describe(error);
  const syntax = error instanceof SyntaxError ? 'Runtime.UserCodeSyntaxError' : described.errorType;
  send({ type: 'init-error', error: { ...described, errorType: syntax } });
}
