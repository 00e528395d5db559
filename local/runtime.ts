import { openDataDir } from './data-dir.ts';
import { compareModels, type Deployment } from './deployment.ts';
import { createEndpoints, type Services } from './endpoints.ts';
import { createFrontDoor, type FrontDoor } from './front-door/front-door.ts';
import { functionEnvironments } from './function-environments.ts';
import { createHttpApi } from './gateway/http-api/http-api.ts';
import type { WebSocketLimits } from './gateway/websocket/limits.ts';
import { WebSocketApi } from './gateway/websocket/websocket-api.ts';
import { listen } from './http/listen.ts';
import { Lambda } from './lambda/lambda.ts';
import type { PoolLimits } from './lambda/pool-limits.ts';
import { createLog, type Log } from './log.ts';
import { type Parts, startParts, startTriggers, type Triggers } from './parts.ts';
import { startPublicServer } from './public-server.ts';
import type { CloudModel } from './template/model.ts';
import { readModel } from './template/read-model.ts';

export interface RuntimeOptions {
  /** Folder of the cloud assembly (`cdk.out`). */
  readonly assemblyDir: string;
  readonly dataDir: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly kafkaBrokers?: string | undefined;
  readonly dynamodbEndpoint?: string | undefined;
  /** Without it, the page is read from what is deployed. */
  readonly s3Endpoint?: string | undefined;
  /** Without either, the demo model answers. */
  readonly openAiApiKey?: string | undefined;
  readonly openAiBaseUrl?: string | undefined;
  /** A variable that a function declares takes its value from here, if there is one. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Variables of a function's sandbox over all others, by the function's name; for tests that look at its calls. */
  readonly functionEnvironment?: (name: string) => Readonly<Record<string, string>>;
  readonly compileCacheDir?: string;
  readonly webSocketLimits?: Partial<WebSocketLimits>;
  readonly poolLimits?: Partial<PoolLimits>;
  /** Waits before the attempts of an asynchronous invocation that failed; AWS: one minute, then two. */
  readonly retryDelaysMs?: readonly number[];
  /** Loads a worker of every function in the background once everything is up; default true. */
  readonly warm?: boolean;
  readonly log?: Log;
}

export interface Runtime {
  readonly url: string;
  readonly kafkaBrokers: string;
  readonly dynamodbEndpoint: string;
  /** Address of the demo model, if it is what answers. */
  readonly demoModel: string | undefined;
  /** Of the assembly that was deployed last. */
  readonly model: CloudModel;
  /** Address of Lambda's API, and under `/execute-api/{apiId}` of the APIs. */
  readonly endpointsUrl: string;
  readonly lambda: Lambda;
  /** Brokers, store and model as they were started, with their own hooks for tests. */
  readonly parts: Parts;
  invoke(functionName: string, payload: unknown): Promise<{ payload: unknown; functionError?: string }>;
  /** Ends all workers of a function at once. */
  killWorkers(functionName: string): Promise<void>;
  /** For tests of loss: the embedded broker ends with all it held, an empty one takes its place at another address. */
  loseKafka(): Promise<void>;
  /**
   * Puts the functions and the page of a newer assembly in place, as a deployment does: sockets stay open, data stays,
   * invocations under way end in the code they began in. Throws when the assembly cannot be read.
   */
  deploy(assemblyDir: string): Deployment;
  stop(): Promise<void>;
}

const silent: Log = createLog(() => undefined, 'error');

/** Starts everything that the cloud assembly describes, in this process. Throws StartupError. */
export async function createRuntime(options: RuntimeOptions): Promise<Runtime> {
  const log = options.log ?? silent;
  const undo: (() => unknown)[] = [];
  try {
    return await start(options, log, undo);
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

async function start(options: RuntimeOptions, log: Log, undo: (() => unknown)[]): Promise<Runtime> {
  const unresolved = readModel(options.assemblyDir, { kafkaBrokers: '', kafkaIncarnation: '' });
  const dataDir = await openDataDir(options.dataDir);
  undo.push(() => dataDir.release());
  let services: Services | undefined;
  let frontDoor: FrontDoor | undefined;
  const endpoints = createEndpoints(() => services);
  const endpointsUrl = `http://127.0.0.1:${await listen(endpoints, 0, '127.0.0.1')}`;
  undo.push(() => {
    endpoints.close();
    endpoints.closeAllConnections();
  });
  const server = await startPublicServer(options.port ?? 0, () => frontDoor, log.for('http'));
  undo.push(() => server.close());
  const url = `http://localhost:${server.port}`;

  const parts = await startParts(unresolved, { ...options, dataDir: dataDir.path, log });
  undo.push(() => parts.stop());
  let { assemblyDir } = options;
  const resolved = (dir: string): CloudModel =>
    readModel(dir, {
      kafkaBrokers: parts.kafka?.brokers ?? '',
      kafkaIncarnation: parts.kafka?.incarnation ?? 'none',
    });
  const started = resolved(assemblyDir);
  let model = started;

  let triggers: Triggers | undefined;
  const lambda = new Lambda({
    functions: model.functions,
    environmentOf: functionEnvironments(options, model, parts, { endpointsUrl, url }),
    dataDir: dataDir.path,
    onActivity: () => triggers?.wake(),
    ...(options.compileCacheDir === undefined ? {} : { compileCacheDir: options.compileCacheDir }),
    ...(options.poolLimits === undefined ? {} : { limits: options.poolLimits }),
    ...(options.retryDelaysMs === undefined ? {} : { retryDelaysMs: options.retryDelaysMs }),
    log,
  });
  undo.push(() => lambda.stop());
  services = { lambda, ...gateways(options, model, lambda, log) };
  const { webSocketApis, httpApis } = services;
  undo.push(() => {
    for (const api of webSocketApis.values()) api.stop();
  });
  const frontDoorOf = ({ distributions: [distribution], buckets }: CloudModel): FrontDoor | undefined => {
    if (distribution === undefined) return undefined;
    const { s3Endpoint } = options;
    return createFrontDoor({
      distribution,
      buckets,
      httpApis,
      webSocketApis,
      s3Endpoint,
      log: log.for('front-door'),
    });
  };
  frontDoor = frontDoorOf(model);
  lambda.recover();
  triggers = await startTriggers(model, lambda, parts, log);
  undo.push(() => triggers?.stop());
  const announce = (): void =>
    dataDir.announce({
      url,
      kafka_brokers: parts.kafka?.brokers ?? '',
      dynamodb_endpoint: parts.dynamodb?.endpoint ?? '',
      pid: process.pid,
    });
  announce();
  if (options.warm !== false) setImmediate(() => void lambda.warm());

  return {
    url,
    get kafkaBrokers() {
      return parts.kafka?.brokers ?? '';
    },
    dynamodbEndpoint: parts.dynamodb?.endpoint ?? '',
    demoModel: parts.demoModel?.baseUrl,
    get model() {
      return model;
    },
    endpointsUrl,
    lambda,
    parts,
    async invoke(functionName, payload) {
      const outcome = await lambda.invoke({ functionName, payload: JSON.stringify(payload) });
      const { functionError } = outcome;
      return { payload: JSON.parse(outcome.payload), ...(functionError === undefined ? {} : { functionError }) };
    },
    killWorkers: (functionName) => lambda.killWorkers(functionName),
    async loseKafka() {
      if (parts.kafka === undefined || !('restart' in parts.kafka))
        throw new Error('only the embedded broker can be lost');
      await triggers?.stop();
      await parts.kafka.restart();
      lambda.retireWorkers();
      triggers = await startTriggers(resolved(assemblyDir), lambda, parts, log);
      announce();
    },
    deploy(newer) {
      const next = resolved(newer);
      // What takes a restart stays to be said until there was one.
      const deployment = { ...compareModels(model, next), restart: compareModels(started, next).restart };
      lambda.update(next.functions, deployment.functions);
      frontDoor = frontDoorOf(next);
      assemblyDir = newer;
      model = next;
      return deployment;
    },
    async stop() {
      for (const step of undo.splice(0).reverse()) await step();
    },
  };
}

function gateways(options: RuntimeOptions, model: CloudModel, lambda: Lambda, log: Log): Omit<Services, 'lambda'> {
  const { region, accountId } = model;
  const limits = options.webSocketLimits === undefined ? {} : { limits: options.webSocketLimits };
  return {
    httpApis: new Map(model.httpApis.map((spec) => [spec.apiId, createHttpApi({ spec, lambda, accountId, region })])),
    webSocketApis: new Map(
      model.webSocketApis.map((spec) => [
        spec.apiId,
        new WebSocketApi({ spec, lambda, region, ...limits, log: log.for('websocket') }),
      ]),
    ),
  };
}
