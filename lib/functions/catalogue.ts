import { type TopicName, topics } from '../names.ts';
import type { EnvironmentName } from './environment.ts';
import { type FunctionName, functionNames } from './names.ts';

export type TableName = 'sessions' | 'memory' | 'connections';
/** All that any function does with a table. */
export const tableActions = [
  'GetItem',
  'BatchGetItem',
  'Query',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
] as const;
export type TableAction = (typeof tableActions)[number];

export interface FunctionPlan {
  /** Only what produces to Kafka is in the VPC, for from there neither the model nor `@connections` can be reached. */
  readonly inVpc: boolean;
  /** Beyond STAGE and LOG_LEVEL, which all have. */
  readonly environment: readonly EnvironmentName[];
  readonly tables: Partial<Record<TableName, readonly TableAction[]>>;
  /** Indexes of the sessions table that it queries. */
  readonly indexes?: readonly ('owner' | 'open')[];
  readonly produces?: readonly TopicName[];
  readonly consumes?: TopicName;
  /** Functions it invokes asynchronously, its destination included. */
  readonly invokes?: readonly FunctionName[];
  /** Methods on `@connections`. */
  readonly posts?: readonly ('POST' | 'DELETE')[];
  readonly readsModelKey?: true;
  /** Reads the key that signs guest identities, and makes it when it is the first to need it. */
  readonly knowsGuests?: true;
}

const kafka = ['KAFKA_BROKERS', 'KAFKA_AUTH'] as const;

/** What each function is given and may do; the rest of the app, IAM above all, is derived from this table. */
export const catalogue: Readonly<Record<FunctionName, FunctionPlan>> = {
  'ws-connect': {
    inVpc: false,
    environment: ['AUTH', 'ORIGIN_SECRET', 'SESSIONS_TABLE', 'CONNECTIONS_TABLE'],
    tables: { sessions: ['GetItem'], connections: ['PutItem'] },
    knowsGuests: true,
  },
  'ws-disconnect': {
    inVpc: false,
    environment: ['CONNECTIONS_TABLE'],
    tables: { connections: ['GetItem', 'DeleteItem'] },
  },
  'ws-message': {
    inVpc: true,
    environment: [...kafka, 'REQUESTS_TOPIC', 'SESSIONS_TABLE', 'CONNECTIONS_TABLE', 'RESPONDER_FUNCTION'],
    tables: { sessions: ['GetItem', 'Query', 'PutItem', 'UpdateItem'], connections: ['GetItem'] },
    produces: [topics.requests],
    invokes: ['responder'],
  },
  'ws-resume': {
    inVpc: false,
    environment: ['SESSIONS_TABLE', 'CONNECTIONS_TABLE', 'CALLBACK_URL'],
    tables: { sessions: ['GetItem', 'Query'], connections: ['GetItem', 'DeleteItem'] },
    posts: ['POST'],
  },
  'http-api': {
    inVpc: false,
    environment: [
      'AUTH',
      'ORIGIN_SECRET',
      'SESSIONS_TABLE',
      'CONNECTIONS_TABLE',
      'MEMORY_TABLE',
      'CALLBACK_URL',
      'OPENAI_MODEL',
    ],
    tables: {
      sessions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'BatchWriteItem'],
      memory: ['Query', 'BatchWriteItem'],
      connections: ['Query', 'DeleteItem'],
    },
    knowsGuests: true,
    indexes: ['owner'],
    posts: ['POST', 'DELETE'],
  },
  'http-message': {
    inVpc: true,
    environment: [...kafka, 'REQUESTS_TOPIC', 'AUTH', 'ORIGIN_SECRET', 'SESSIONS_TABLE', 'RESPONDER_FUNCTION'],
    tables: { sessions: ['GetItem', 'Query', 'PutItem', 'UpdateItem'] },
    knowsGuests: true,
    produces: [topics.requests],
    invokes: ['responder'],
  },
  supervisor: {
    inVpc: true,
    environment: [
      ...kafka,
      'RESPONSES_TOPIC',
      'REQUESTS_DLT',
      'BATCH_FAILURES',
      'SESSIONS_TABLE',
      'MEMORY_TABLE',
      'CONVERSATION_FUNCTION',
      'RESPONDER_FUNCTION',
      'DISPATCH_LEASE_MS',
      'RESUME_LEASE_MS',
    ],
    // Memory: an answer too long to travel with its result is fetched there.
    tables: { sessions: ['GetItem', 'Query', 'PutItem', 'UpdateItem'], memory: ['GetItem', 'Query'] },
    consumes: topics.requests,
    produces: [topics.responses, topics.requestsDeadLetters],
    invokes: ['conversation', 'responder'],
  },
  conversation: {
    inVpc: false,
    environment: [
      'OPENAI_MODEL',
      'OPENAI_BASE_URL',
      'OPENAI_SECRET_ARN',
      'MODEL_IDLE_MS',
      'MODEL_TOTAL_MS',
      'SESSIONS_TABLE',
      'MEMORY_TABLE',
      'CONNECTIONS_TABLE',
      'CALLBACK_URL',
    ],
    tables: {
      sessions: ['GetItem', 'Query', 'UpdateItem'],
      memory: ['GetItem', 'Query', 'PutItem', 'BatchWriteItem'],
      connections: ['Query', 'DeleteItem'],
    },
    invokes: ['supervisor'],
    posts: ['POST'],
    readsModelKey: true,
  },
  responder: {
    inVpc: false,
    environment: [
      'BATCH_FAILURES',
      'SESSIONS_TABLE',
      'CONNECTIONS_TABLE',
      'CALLBACK_URL',
      'SUPERVISOR_FUNCTION',
      'DEAD_LETTER_FUNCTION',
    ],
    tables: {
      sessions: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'BatchWriteItem'],
      connections: ['Query', 'DeleteItem'],
    },
    consumes: topics.responses,
    // The poller writes what the function could not set aside itself, with the function's role.
    produces: [topics.responsesDeadLetters],
    invokes: ['supervisor', 'dead-letter'],
    posts: ['POST'],
  },
  'dead-letter': {
    inVpc: true,
    environment: [...kafka, 'RESPONSES_DLT'],
    tables: {},
    produces: [topics.responsesDeadLetters],
  },
  sweep: {
    inVpc: true,
    environment: [...kafka, 'REQUESTS_TOPIC', 'SESSIONS_TABLE', 'MEMORY_TABLE'],
    tables: {
      sessions: ['GetItem', 'Query', 'UpdateItem', 'BatchWriteItem'],
      memory: ['Query', 'BatchWriteItem'],
    },
    indexes: ['open'],
    produces: [topics.requests],
  },
};

/** Functions behind CloudFront that refuse what did not come through it. */
export const originCheckers = functionNames.filter((name) => catalogue[name].environment.includes('ORIGIN_SECRET'));
