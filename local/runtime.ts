import { openDataDir } from './data-dir.ts';
import { compareModels } from './deployment.ts';
import { createEndpoints, type Services } from './endpoints.ts';
import { createFrontDoor, type FrontDoor } from './front-door/front-door.ts';
import { functionEnvironments } from './function-environments.ts';
import { createHttpApi } from './gateway/http-api/http-api.ts';
import { WebSocketApi } from './gateway/websocket/websocket-api.ts';
import { listen } from './http/listen.ts';
import { Lambda } from './lambda/lambda.ts';
import { createLog, type Log } from './log.ts';
import { startParts, startTriggers, type Triggers } from './parts.ts';
import { startPublicServer } from './public-server.ts';
import type { Runtime, RuntimeOptions } from './runtime-api.ts';
import type { CloudModel } from './template/model.ts';
import { readModel } from './template/read-model.ts';

export type { Runtime, RuntimeOptions } from './runtime-api.ts';

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
