import type { Deployment } from './deployment.ts';
import type { WebSocketLimits } from './gateway/websocket/limits.ts';
import type { Lambda } from './lambda/lambda.ts';
import type { PoolLimits } from './lambda/pool-limits.ts';
import type { Log } from './log.ts';
import type { Parts } from './parts.ts';
import type { CloudModel } from './template/model.ts';

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
