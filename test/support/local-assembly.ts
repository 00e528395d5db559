// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation and API Gateway.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface FixtureFunction {
  /** Text of `index.mjs`. */
  readonly code: string;
  /** Further CloudFormation properties: Timeout, MemorySize, Environment, RecursiveLoop … */
  readonly properties?: Readonly<Record<string, unknown>>;
  /** Properties of its `AWS::Lambda::EventInvokeConfig`; destinations may name functions of the fixture. */
  readonly invokeConfig?: {
    readonly retries?: number;
    readonly maxAge?: number;
    readonly onSuccess?: string;
    readonly onFailure?: string;
  };
}

export interface FixtureApp {
  readonly functions: Readonly<Record<string, FixtureFunction>>;
  /** Names of queues. */
  readonly queues?: readonly string[];
  /** Route key to function. */
  readonly http?: Readonly<Record<string, string>>;
  /** Route key to function; `returnResponse` lists keys with a route response. */
  readonly webSocket?: Readonly<Record<string, string>>;
  readonly returnResponse?: readonly string[];
  /** In milliseconds, of all integrations. */
  readonly integrationTimeout?: number;
  /** Files of the site's bucket. */
  readonly site?: Readonly<Record<string, string>>;
  /** Source of the CloudFront Function on `/ws/*`. */
  readonly edge?: string;
  readonly errorResponses?: readonly Readonly<Record<string, unknown>>[];
  readonly resources?: Readonly<Record<string, unknown>>;
}

export interface FixtureFolders {
  readonly assemblyDir: string;
  readonly dataDir: string;
  remove(): void;
}

/** Writes a cloud assembly as the CDK would, for a small app of two stacks, into a temporary folder. */
export function writeFixture(app: FixtureApp): FixtureFolders {
  const root = mkdtempSync(join(tmpdir(), 'local-'));
  const assemblyDir = join(root, 'cdk.out');
  const write = (path: string, content: unknown): void => {
    const file = join(assemblyDir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  };
  for (const [name, { code }] of Object.entries(app.functions)) write(`${assetOf(app, name)}/index.mjs`, code);
  for (const [name, content] of Object.entries(app.site ?? {})) write(`${assetOf(app, 'site')}/${name}`, content);
  write('Service.template.json', { Resources: { ...serviceResources(app), ...app.resources } });
  write('Service.assets.json', { version: '1', files: assetFiles(app) });
  write('manifest.json', {
    version: '55.0.0',
    artifacts: {
      'Service.assets': { type: 'cdk:asset-manifest', properties: { file: 'Service.assets.json' } },
      Service: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/unknown-region',
        properties: { templateFile: 'Service.template.json' },
        dependencies: ['Service.assets'],
      },
    },
  });
  return { assemblyDir, dataDir: join(root, 'data'), remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Folder of a function's code, or of the site, named by what is in it, as the CDK does. */
function assetOf(app: FixtureApp, name: string): string {
  const content = name === 'site' ? JSON.stringify(app.site) : app.functions[name]?.code;
  return `asset.${createHash('sha256')
    .update(content ?? '')
    .digest('hex')}`;
}

function assetFiles(app: FixtureApp): Record<string, unknown> {
  const names = [...Object.keys(app.functions), ...(app.site === undefined ? [] : ['site'])];
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        source: { path: assetOf(app, name), packaging: 'zip' },
        destinations: { current: { bucketName: 'assets', objectKey: `${name}.zip` } },
      },
    ]),
  );
}

const getAtt = (id: string, attribute: string): unknown => ({ 'Fn::GetAtt': [id, attribute] });

function serviceResources(app: FixtureApp): Record<string, unknown> {
  return {
    ...functionResources(app),
    ...Object.fromEntries(
      (app.queues ?? []).map((name) => [name, { Type: 'AWS::SQS::Queue', Properties: { QueueName: name } }]),
    ),
    ...(app.http === undefined ? {} : apiResources('Http', app.http, app)),
    ...(app.webSocket === undefined ? {} : apiResources('Socket', app.webSocket, app)),
    ...siteResources(app),
  };
}

function functionResources({ functions }: FixtureApp): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(functions).flatMap(([name, { properties, invokeConfig }]) => [
      [
        name,
        {
          Type: 'AWS::Lambda::Function',
          Properties: {
            FunctionName: name,
            Runtime: 'nodejs24.x',
            Handler: 'index.handler',
            Code: { S3Bucket: { 'Fn::Sub': 'cdk-assets-${AWS::AccountId}-${AWS::Region}' }, S3Key: `${name}.zip` },
            ...properties,
          },
        },
      ],
      ...(invokeConfig === undefined ? [] : [[`${name}Config`, invokeConfigResource(name, invokeConfig)]]),
    ]),
  );
}

function invokeConfigResource(name: string, config: NonNullable<FixtureFunction['invokeConfig']>): unknown {
  const { retries, maxAge, onSuccess, onFailure } = config;
  return {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: {
      FunctionName: { Ref: name },
      Qualifier: '$LATEST',
      ...(retries === undefined ? {} : { MaximumRetryAttempts: retries }),
      ...(maxAge === undefined ? {} : { MaximumEventAgeInSeconds: maxAge }),
      DestinationConfig: {
        ...(onSuccess === undefined ? {} : { OnSuccess: { Destination: getAtt(onSuccess, 'Arn') } }),
        ...(onFailure === undefined ? {} : { OnFailure: { Destination: getAtt(onFailure, 'Arn') } }),
      },
    },
  };
}

function apiResources(
  api: 'Http' | 'Socket',
  routes: Readonly<Record<string, string>>,
  app: FixtureApp,
): Record<string, unknown> {
  const socket = api === 'Socket';
  const resources: Record<string, unknown> = {
    [`${api}Api`]: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: {
        Name: api,
        ProtocolType: socket ? 'WEBSOCKET' : 'HTTP',
        ...(socket ? { RouteSelectionExpression: '$request.body.action' } : {}),
      },
    },
    [`${api}Stage`]: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: `${api}Api` }, StageName: socket ? 'live' : '$default', AutoDeploy: true },
    },
  };
  for (const [index, [routeKey, name]] of Object.entries(routes).entries()) {
    const id = `${api}Route${index}`;
    const respond = app.returnResponse?.includes(routeKey) ?? false;
    const uri = [
      'arn:',
      { Ref: 'AWS::Partition' },
      ':apigateway:',
      { Ref: 'AWS::Region' },
      ':lambda:path/2015-03-31/functions/',
      getAtt(name, 'Arn'),
      '/invocations',
    ];
    resources[`${id}Integration`] = {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: `${api}Api` },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: socket ? { 'Fn::Join': ['', uri] } : getAtt(name, 'Arn'),
        ...(app.integrationTimeout === undefined ? {} : { TimeoutInMillis: app.integrationTimeout }),
      },
    };
    resources[id] = {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: `${api}Api` },
        RouteKey: routeKey,
        Target: { 'Fn::Join': ['', ['integrations/', { Ref: `${id}Integration` }]] },
        ...(respond ? { RouteResponseSelectionExpression: '$default' } : {}),
      },
    };
    if (respond) {
      resources[`${id}Response`] = {
        Type: 'AWS::ApiGatewayV2::RouteResponse',
        Properties: { ApiId: { Ref: `${api}Api` }, RouteId: { Ref: id }, RouteResponseKey: '$default' },
      };
    }
  }
  return resources;
}

function siteResources(app: FixtureApp): Record<string, unknown> {
  const host = (api: string): unknown => ({
    'Fn::Select': [2, { 'Fn::Split': ['/', getAtt(`${api}Api`, 'ApiEndpoint')] }],
  });
  const behavior = (origin: string, extra: Record<string, unknown> = {}): Record<string, unknown> => ({
    TargetOriginId: origin,
    AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
    OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
    ...extra,
  });
  const edge = { FunctionAssociations: [{ EventType: 'viewer-request', FunctionARN: getAtt('Edge', 'FunctionARN') }] };
  const origins = [
    { Id: 'site', DomainName: getAtt('Site', 'RegionalDomainName') },
    ...(app.http === undefined
      ? []
      : [
          {
            Id: 'http',
            DomainName: host('Http'),
            OriginCustomHeaders: [{ HeaderName: 'x-origin', HeaderValue: 'secret' }],
          },
        ]),
    ...(app.webSocket === undefined ? [] : [{ Id: 'socket', DomainName: host('Socket') }]),
  ];
  return {
    Site: { Type: 'AWS::S3::Bucket', Properties: {} },
    SiteFiles: {
      Type: 'Custom::CDKBucketDeployment',
      Properties: {
        DestinationBucketName: { Ref: 'Site' },
        SourceObjectKeys: ['site.zip'],
        SystemMetadata: { 'cache-control': 'no-cache' },
      },
    },
    Headers: {
      Type: 'AWS::CloudFront::ResponseHeadersPolicy',
      Properties: {
        ResponseHeadersPolicyConfig: {
          Name: 'headers',
          SecurityHeadersConfig: {
            ContentTypeOptions: { Override: true },
            FrameOptions: { FrameOption: 'DENY', Override: true },
          },
          CustomHeadersConfig: { Items: [{ Header: 'X-Served-By', Value: 'fixture', Override: true }] },
        },
      },
    },
    Edge: {
      Type: 'AWS::CloudFront::Function',
      Properties: {
        Name: 'edge',
        AutoPublish: true,
        FunctionCode: app.edge ?? 'function handler(event) { event.request.uri = "/live"; return event.request; }',
        FunctionConfig: { Runtime: 'cloudfront-js-2.0', Comment: '' },
      },
    },
    Distribution: {
      Type: 'AWS::CloudFront::Distribution',
      Properties: {
        DistributionConfig: {
          DefaultRootObject: 'index.html',
          Origins: origins,
          DefaultCacheBehavior: {
            TargetOriginId: 'site',
            ResponseHeadersPolicyId: { Ref: 'Headers' },
          },
          CacheBehaviors: [
            ...(app.http === undefined ? [] : [{ PathPattern: '/api/*', ...behavior('http') }]),
            ...(app.webSocket === undefined ? [] : [{ PathPattern: '/ws/*', ...behavior('socket', edge) }]),
          ],
          ...(app.errorResponses === undefined ? {} : { CustomErrorResponses: app.errorResponses }),
        },
      },
    },
  };
}
