/**
 * What the offline runtime knows of a synthesized template: AWS resources with their references resolved, nothing of
 * the application. Times are in seconds and sizes in the unit the name says, as in CloudFormation.
 */
export interface CloudModel {
  readonly region: string;
  readonly accountId: string;
  readonly functions: readonly FunctionSpec[];
  readonly tables: readonly TableSpec[];
  readonly topics: readonly TopicSpec[];
  readonly eventSources: readonly KafkaEventSourceSpec[];
  readonly httpApis: readonly HttpApiSpec[];
  readonly webSocketApis: readonly WebSocketApiSpec[];
  readonly schedules: readonly ScheduleSpec[];
  readonly distributions: readonly DistributionSpec[];
  readonly buckets: readonly BucketSpec[];
  /** Resources that mean nothing offline, each with the reason. */
  readonly ignored: readonly { readonly logicalId: string; readonly type: string; readonly reason: string }[];
}

export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  readonly logicalId: string;
  /** Absolute path of the unpacked asset. */
  readonly codeDir: string;
  /** As in the template, for instance `index.handler`. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly reservedConcurrency?: number;
  readonly async: AsyncInvokeSpec;
  readonly recursiveLoop: 'Allow' | 'Terminate';
}

export interface AsyncInvokeSpec {
  /** 0 to 2; AWS's default is 2. */
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  /** ARN of a function. */
  readonly onSuccess?: string;
  readonly onFailure?: string;
}

export interface TableSpec {
  readonly name: string;
  readonly logicalId: string;
  /** The CreateTable input's own shapes. */
  readonly keySchema: readonly { readonly AttributeName: string; readonly KeyType: 'HASH' | 'RANGE' }[];
  readonly attributeDefinitions: readonly {
    readonly AttributeName: string;
    readonly AttributeType: 'S' | 'N' | 'B';
  }[];
  readonly globalSecondaryIndexes: readonly Readonly<Record<string, unknown>>[];
  readonly ttlAttribute?: string;
}

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs: Readonly<Record<string, string>>;
}

export interface KafkaEventSourceSpec {
  readonly logicalId: string;
  readonly functionName: string;
  readonly topic: string;
  readonly consumerGroupId: string;
  /** Its UUID is the broker's incarnation: an embedded broker gets a new one at each start. */
  readonly clusterArn: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  /** -1: without bound. */
  readonly maximumRetryAttempts: number;
  readonly maximumRecordAgeSeconds: number;
  readonly bisectBatchOnFunctionError: boolean;
  readonly reportBatchItemFailures: boolean;
  /** Topic that the event source writes what it gave up to. */
  readonly onFailureTopic?: string;
  readonly enabled: boolean;
}

export interface RouteSpec {
  readonly routeKey: string;
  readonly functionName: string;
  readonly timeoutMs: number;
}

export interface HttpApiSpec {
  readonly apiId: string;
  readonly stage: string;
  readonly routes: readonly RouteSpec[];
}

export interface WebSocketApiSpec {
  readonly apiId: string;
  readonly stage: string;
  readonly routeSelectionExpression: string;
  readonly routes: readonly (RouteSpec & { readonly returnResponse: boolean })[];
}

export interface ScheduleSpec {
  readonly logicalId: string;
  readonly expression: string;
  readonly functionName: string;
  readonly input?: unknown;
  readonly enabled: boolean;
}

export interface DistributionSpec {
  readonly logicalId: string;
  /** Its name on cloudfront.net; the front door stands for it. */
  readonly domainName: string;
  readonly defaultRootObject?: string;
  /** In the order of evaluation; the default behaviour is last, with the path pattern `*`. */
  readonly behaviors: readonly BehaviorSpec[];
  readonly errorResponses: readonly {
    readonly errorCode: number;
    readonly responseCode?: number;
    readonly responsePagePath?: string;
  }[];
}

export interface BehaviorSpec {
  readonly pathPattern: string;
  readonly origin: OriginSpec;
  /** Source of the CloudFront Function on viewer-request, if there is one. */
  readonly viewerRequest?: string;
  readonly viewerResponse?: string;
  /** Headers of the response headers policy. */
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** Removed from the origin's response. */
  readonly removedHeaders: readonly string[];
  readonly allowedMethods: readonly string[];
  /** Whether an origin request policy hands the viewer's headers, cookies and query string on to the origin. */
  readonly forwardsViewer: boolean;
}

export type OriginSpec =
  | { readonly kind: 'bucket'; readonly bucket: string; readonly path: string }
  | {
      readonly kind: 'http-api';
      readonly apiId: string;
      readonly path: string;
      readonly headers: Record<string, string>;
    }
  | {
      readonly kind: 'websocket-api';
      readonly apiId: string;
      readonly path: string;
      readonly headers: Record<string, string>;
    };

export interface BucketSpec {
  readonly name: string;
  readonly logicalId: string;
  /** Directories whose files are the bucket's objects, later ones first; from bucket deployments. */
  readonly sources: readonly BucketSourceSpec[];
}

export interface BucketSourceSpec {
  readonly dir: string;
  readonly prefix: string;
  /** Patterns of `aws s3 sync`: files of `exclude` are left out, unless `include` takes them back. */
  readonly exclude: readonly string[];
  readonly include: readonly string[];
  /** Headers kept with each object, such as `cache-control`. */
  readonly metadata: Readonly<Record<string, string>>;
}
