import { topics } from '../names.ts';
import type { StageSettings } from '../settings/schema.ts';
import { asyncCalls } from './async.ts';
import { physicalName } from './names.ts';

/** What exists before the functions do. Values may be references. */
export interface Surroundings {
  readonly settings: StageSettings;
  readonly sessionsTable: string;
  readonly connectionsTable: string;
  readonly memoryTable: string;
  readonly kafkaBrokers: string;
  /** The WebSocket stage's address for `@connections`. */
  readonly callbackUrl: string;
  readonly modelSecretArn: string;
  readonly originSecret: string;
}

const values = {
  AUTH: (of: Surroundings) => of.settings.auth,
  KAFKA_BROKERS: (of: Surroundings) => of.kafkaBrokers,
  KAFKA_AUTH: () => 'iam',
  REQUESTS_TOPIC: () => topics.requests,
  RESPONSES_TOPIC: () => topics.responses,
  REQUESTS_DLT: () => topics.requestsDeadLetters,
  RESPONSES_DLT: () => topics.responsesDeadLetters,
  SESSIONS_TABLE: (of: Surroundings) => of.sessionsTable,
  CONNECTIONS_TABLE: (of: Surroundings) => of.connectionsTable,
  MEMORY_TABLE: (of: Surroundings) => of.memoryTable,
  CALLBACK_URL: (of: Surroundings) => of.callbackUrl,
  SUPERVISOR_FUNCTION: (of: Surroundings) => physicalName(of.settings.stage, 'supervisor'),
  CONVERSATION_FUNCTION: (of: Surroundings) => physicalName(of.settings.stage, 'conversation'),
  RESPONDER_FUNCTION: (of: Surroundings) => physicalName(of.settings.stage, 'responder'),
  DEAD_LETTER_FUNCTION: (of: Surroundings) => physicalName(of.settings.stage, 'dead-letter'),
  OPENAI_MODEL: (of: Surroundings) => of.settings.model.name,
  /** Left out for OpenAI itself. */
  OPENAI_BASE_URL: (of: Surroundings) => of.settings.model.baseUrl,
  OPENAI_SECRET_ARN: (of: Surroundings) => of.modelSecretArn,
  /** `report`: the poller reads `batchItemFailures`. `throw`: it does not, and would take them for success. */
  BATCH_FAILURES: (of: Surroundings) => (of.settings.eventSource.mode === 'provisioned' ? 'report' : 'throw'),
  /**
   * A run whose call was sent and has not begun is taken over when the event can no longer wait in Lambda's queue: another
   * copy of it would wait behind the first.
   */
  DISPATCH_LEASE_MS: () => String(((asyncCalls.conversation?.maxAgeSeconds ?? 0) + 15) * 1000),
  /** One whose end is not stored, when the responder that may be storing it has ended for certain. */
  RESUME_LEASE_MS: (of: Surroundings) => String((of.settings.functions.responder.timeoutSeconds + 15) * 1000),
  /** Without a token, and for an answer in all: ten seconds of the function's own time stay for storing what came. */
  MODEL_IDLE_MS: () => '30000',
  MODEL_TOTAL_MS: (of: Surroundings) => String((of.settings.functions.conversation.timeoutSeconds - 10) * 1000),
  ORIGIN_SECRET: (of: Surroundings) => of.originSecret,
} as const;

export type EnvironmentName = keyof typeof values;

/** The environment of a function that declares these names. */
export function environmentOf(names: readonly EnvironmentName[], of: Surroundings): Record<string, string> {
  const common = { STAGE: of.settings.stage, LOG_LEVEL: of.settings.logLevel };
  const own = names.flatMap((name) => {
    const value = values[name](of);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...common, ...Object.fromEntries(own) };
}
