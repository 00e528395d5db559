import type { DynamoDb, EmbeddedDynamoDb } from './dynamodb/start.ts';
import type { EmbeddedKafka, Kafka } from './kafka/start.ts';
import type { Lambda } from './lambda/lambda.ts';
import type { Log } from './log.ts';
import type { CloudModel } from './template/model.ts';

export interface PartsOptions {
  readonly dataDir: string;
  readonly kafkaBrokers?: string | undefined;
  readonly dynamodbEndpoint?: string | undefined;
  readonly openAiApiKey?: string | undefined;
  readonly openAiBaseUrl?: string | undefined;
  readonly log: Log;
}

/** What stands for the services beside Lambda and API Gateway; only what the templates need is started. */
export interface Parts {
  readonly kafka: Kafka | EmbeddedKafka | undefined;
  readonly dynamodb: DynamoDb | EmbeddedDynamoDb | undefined;
  readonly demoModel: { readonly baseUrl: string; stop(): Promise<void> } | undefined;
  stop(): Promise<void>;
}

/** Starts broker, store and model side by side. If one fails, the others are stopped, and its error is thrown. */
export async function startParts(model: CloudModel, options: PartsOptions): Promise<Parts> {
  const { dataDir, log } = options;
  const starting = [
    startBroker(model, options, log),
    startStore(model, options, dataDir, log),
    startModel(model, options, log),
  ] as const;
  const [kafka, dynamodb, demoModel] = await Promise.all(starting).catch(async (error: unknown) => {
    const settled = await Promise.allSettled(starting);
    await Promise.all(settled.map((part) => (part.status === 'fulfilled' ? part.value?.stop() : undefined)));
    throw error;
  });
  return {
    kafka,
    dynamodb,
    demoModel,
    async stop() {
      await Promise.allSettled([kafka?.stop(), dynamodb?.stop(), demoModel?.stop()]);
    },
  };
}

async function startBroker(
  { topics, eventSources }: CloudModel,
  { kafkaBrokers }: PartsOptions,
  log: Log,
): Promise<Kafka | undefined> {
  if (topics.length === 0 && eventSources.length === 0) return undefined;
  const { startKafka } = await import('./kafka/start.ts');
  return kafkaBrokers === undefined
    ? startKafka({ topics, log: log.for('kafka') })
    : startKafka({ brokers: kafkaBrokers, topics, log: log.for('kafka') });
}

async function startStore(
  model: CloudModel,
  options: PartsOptions,
  dataDir: string,
  log: Log,
): Promise<DynamoDb | undefined> {
  const { tables, region } = model;
  if (tables.length === 0) return undefined;
  const { startDynamoDb } = await import('./dynamodb/start.ts');
  const caller = { region, accessKeyId: 'offline' };
  return startDynamoDb({ endpoint: options.dynamodbEndpoint, dataDir, tables, caller, log: log.for('dynamodb') });
}

async function startModel(
  model: CloudModel,
  { openAiApiKey, openAiBaseUrl }: PartsOptions,
  log: Log,
): Promise<Parts['demoModel']> {
  const wanted = model.functions.some(({ environment }) => 'OPENAI_MODEL' in environment);
  if (!wanted || openAiApiKey !== undefined || openAiBaseUrl !== undefined) return undefined;
  const { startDemoModel } = await import('./model/start.ts');
  return startDemoModel({ log: log.for('model') });
}

export interface Triggers {
  /** Something was invoked and may produce soon. */
  wake(): void;
  stop(): Promise<void>;
}

/** Starts event sources and schedules. */
export async function startTriggers(model: CloudModel, lambda: Lambda, parts: Parts, log: Log): Promise<Triggers> {
  const { kafka } = parts;
  const invoke = async (functionName: string, event: unknown) => {
    const outcome = await lambda.invoke({ functionName, payload: JSON.stringify(event) });
    const { functionError } = outcome;
    return {
      payload: JSON.parse(outcome.payload) as unknown,
      ...(functionError === undefined ? {} : { functionError }),
    };
  };
  const invokeAsync = async (functionName: string, event: unknown): Promise<void> => {
    lambda.invokeAsync({ functionName, payload: JSON.stringify(event) });
  };
  const { startEventSource } = model.eventSources.length > 0 ? await import('./event-source/start.ts') : {};
  const { startSchedule } = model.schedules.length > 0 ? await import('./schedule/start.ts') : {};
  const sources = model.eventSources.flatMap((spec) =>
    kafka === undefined || startEventSource === undefined
      ? []
      : [
          startEventSource({
            spec,
            brokers: kafka.brokers,
            invoke,
            produce: kafka.produce,
            log: log.for('event-source'),
          }),
        ],
  );
  const schedules = model.schedules.flatMap((spec) =>
    startSchedule === undefined ? [] : [startSchedule({ spec, invokeAsync, log: log.for('schedule') })],
  );
  return {
    wake: () => {
      for (const source of sources) source.wake();
    },
    async stop() {
      await Promise.allSettled([...schedules, ...sources].map((trigger) => trigger.stop()));
    },
  };
}
