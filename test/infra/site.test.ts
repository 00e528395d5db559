import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { only, type Properties, propertiesOf, sorted, stageApp, templatesOf, written } from './support.ts';

const dev = templatesOf({ stage: 'dev' });
const { DistributionConfig: distribution } = only(dev.service, 'AWS::CloudFront::Distribution');
const behaviors: Properties[] = [
  ...distribution.CacheBehaviors,
  { PathPattern: '*', ...distribution.DefaultCacheBehavior },
];
const originOf = (behavior: Properties): Properties =>
  distribution.Origins.find((origin: Properties) => origin.Id === behavior.TargetOriginId);

/** Runs the CloudFront Function of a behaviour on a viewer's request, as the edge would. */
function atTheEdge(
  pathPattern: string,
  uri: string,
  headers: Record<string, { value: string }> = {},
  querystring = {},
) {
  const behavior = behaviors.find((candidate) => candidate.PathPattern === pathPattern);
  const [association] = behavior?.FunctionAssociations ?? [];
  expect(association.EventType).toBe('viewer-request');
  const id = association.FunctionARN['Fn::GetAtt'][0] as string;
  const code = propertiesOf(dev.service, 'AWS::CloudFront::Function')[id]?.FunctionCode;
  const request = {
    method: 'GET',
    uri,
    querystring,
    headers: { host: { value: 'chat.example' }, ...headers },
    cookies: {},
  };
  return runInContext(`${code}; handler(event)`, createContext({ event: { request } }));
}

describe('one origin', () => {
  test('has the page, the HTTP API under /api and the WebSocket API under /ws', () => {
    expect(behaviors.map((behavior) => [behavior.PathPattern, written(originOf(behavior).DomainName)])).toEqual([
      ['/api/*', '{HttpApi.ApiEndpoint}'],
      ['/ws/*', '{SocketApi.ApiEndpoint}'],
      ['*', '{Site}'],
    ]);
  });

  test('passes cookies, Origin, Authorization and the query to the APIs, uncached, but not the host', () => {
    for (const behavior of distribution.CacheBehaviors) {
      // AWS's own policies: CachingDisabled and AllViewerExceptHostHeader.
      expect(behavior.CachePolicyId).toBe('4135ea2d-6df8-44a3-9df3-4b5a84be39ad');
      expect(behavior.OriginRequestPolicyId).toBe('b689b0a8-53d0-40ab-baf2-68738e2966ac');
      expect(behavior.ViewerProtocolPolicy).toBe('https-only');
    }
    expect(distribution.CacheBehaviors.map(({ AllowedMethods }: Properties) => AllowedMethods?.length ?? 2)).toEqual([
      7, 2,
    ]);
  });

  test('shows itself to the functions behind the APIs by a value that stands in no template', () => {
    for (const behavior of distribution.CacheBehaviors)
      expect(
        originOf(behavior).OriginCustomHeaders.map((header: Properties) => [
          header.HeaderName,
          written(header.HeaderValue),
        ]),
      ).toEqual([['x-origin-verify', '{{resolve:secretsmanager:{OriginSecretsVersion1}:SecretString:::}}']]);
  });

  test('a new value is accepted before it is sent, and the one before it is accepted still', () => {
    const { service } = templatesOf({ settings: { site: { originSecretVersion: 3 } } });
    const value = (version: number) => `{{resolve:secretsmanager:{OriginSecretsVersion${version}}:SecretString:::}}`;
    const distributed = Object.values(service.findResources('AWS::CloudFront::Distribution'))[0] as Properties;
    const origins: Properties[] = distributed.Properties.DistributionConfig.Origins;
    const sent = origins.flatMap(({ OriginCustomHeaders = [] }) => OriginCustomHeaders as Properties[]);
    expect(sent.map(({ HeaderValue }) => written(HeaderValue))).toEqual([value(3), value(3)]);
    const checking = Object.entries(service.findResources('AWS::Lambda::Function')).filter(
      ([, { Properties: own }]) => own?.Environment?.Variables?.ORIGIN_SECRET !== undefined,
    );
    expect(checking).toHaveLength(3);
    for (const [id, { Properties: own }] of checking) {
      expect(written(own?.Environment.Variables.ORIGIN_SECRET)).toBe(`${value(3)},${value(2)}`);
      expect(distributed.DependsOn).toContain(id);
    }
  });

  test('leaves the APIs’ own errors as they are: a 404 of /api is no page', () => {
    expect(distribution.CustomErrorResponses).toBeUndefined();
  });
});

describe('at the edge', () => {
  const id = '0b5c0f6e-58b6-4f4e-9b0b-6b5d2f0a7c11';

  test('a socket’s path becomes the stage with the session in the query, and the page’s host goes along', () => {
    const request = atTheEdge(
      '/ws/*',
      `/ws/${id}`,
      { 'x-forwarded-host': { value: 'evil.example' } },
      { session_id: { value: 'other' } },
    );
    expect(request.uri).toBe('/chat');
    expect(request.querystring).toEqual({ session_id: { value: id } });
    expect(request.headers['x-forwarded-host']).toEqual({ value: 'chat.example' });
    dev.service.hasResourceProperties('AWS::ApiGatewayV2::Stage', { StageName: 'chat' });
  });

  test.each(['/ws/', `/ws/${id}/more`, '/ws/a%2Fb', `/ws/${'a'.repeat(65)}`, '/ws/a?b'])(
    'no other path under /ws reaches the API: %s',
    (uri) => {
      const answer = atTheEdge('/ws/*', uri);
      expect(answer.statusCode).toBe(404);
      expect(JSON.parse(answer.body.data)).toMatchObject({ status: 404, code: 'not_found' });
    },
  );

  test('a call of /api keeps its path and query and carries the page’s host', () => {
    const request = atTheEdge(
      '/api/*',
      '/api/sessions',
      { 'x-forwarded-host': { value: 'evil.example' } },
      { limit: { value: '5' } },
    );
    expect(request).toMatchObject({ uri: '/api/sessions', querystring: { limit: { value: '5' } } });
    expect(request.headers['x-forwarded-host']).toEqual({ value: 'chat.example' });
  });

  test.each([
    ['/', '/index.html'],
    [`/s/${id}`, '/index.html'],
    ['/assets/main-0123abcd.js', '/assets/main-0123abcd.js'],
    ['/favicon.ico', '/favicon.ico'],
  ])('the path %s of the page is answered from %s', (uri, file) => {
    expect(atTheEdge('*', uri).uri).toBe(file);
  });
});

describe('the page', () => {
  test('may run its own scripts and styles only, and talk to its own origin only', () => {
    const policy = only(dev.service, 'AWS::CloudFront::ResponseHeadersPolicy').ResponseHeadersPolicyConfig;
    const { ContentSecurityPolicy, FrameOptions, ContentTypeOptions, StrictTransportSecurity } =
      policy.SecurityHeadersConfig;
    const directives = ContentSecurityPolicy.ContentSecurityPolicy.split('; ');
    expect(directives).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
      ]),
    );
    expect(ContentSecurityPolicy.ContentSecurityPolicy).not.toMatch(/unsafe|\*|http:/);
    expect(FrameOptions.FrameOption).toBe('DENY');
    expect(ContentTypeOptions.Override).toBe(true);
    expect(StrictTransportSecurity.AccessControlMaxAgeSec).toBe(31_536_000);
    for (const pattern of ['*', '/api/*'])
      expect(behaviors.find((behavior) => behavior.PathPattern === pattern)?.ResponseHeadersPolicyId).toBeDefined();
  });

  test('names its socket’s host for older browsers when it has a domain of its own', () => {
    const domain = {
      name: 'chat.example',
      certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-1111-2222-3333-444455556666',
    };
    const { service } = templatesOf({ settings: { site: { domain } } });
    const { ContentSecurityPolicy } = only(service, 'AWS::CloudFront::ResponseHeadersPolicy')
      .ResponseHeadersPolicyConfig.SecurityHeadersConfig;
    expect(ContentSecurityPolicy.ContentSecurityPolicy).toContain("connect-src 'self' wss://chat.example");
    service.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: { Aliases: ['chat.example'], ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021' } },
    });
  });

  test('has a name in each Region for what an account has one list of', () => {
    const named = [
      only(dev.service, 'AWS::CloudFront::OriginAccessControl').OriginAccessControlConfig.Name,
      only(dev.service, 'AWS::CloudFront::ResponseHeadersPolicy').ResponseHeadersPolicyConfig.Name,
      only(dev.service, 'AWS::CloudWatch::Dashboard').DashboardName,
      ...Object.values(propertiesOf(dev.service, 'AWS::CloudFront::Function')).map(({ Name }) => Name),
    ];
    expect(named).toHaveLength(6);
    for (const name of named) expect(written(name)).toContain('{AWS::Region}');
  });

  test('can have a domain of its own, which its address then is', () => {
    const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-1111-2222-3333-444455556666';
    const { service } = templatesOf({ settings: { site: { domain: { name: 'chat.example.com', certificateArn } } } });
    const outputs = service.toJSON().Outputs as Record<string, { Value: unknown }>;
    expect(outputs.Url?.Value).toBe('https://chat.example.com');
    expect(outputs.DistributionDomain).toBeDefined();
    expect(only(service, 'AWS::CloudFront::Distribution').DistributionConfig.Aliases).toEqual(['chat.example.com']);
  });

  test('lets its log bucket go with the stage, whatever came at the end', () => {
    const { data } = templatesOf({ settings: { site: { accessLogs: true } } });
    data.resourceCountIs('Custom::S3AutoDeleteObjects', 1);
    templatesOf({ stage: 'prod' }).data.resourceCountIs('Custom::S3AutoDeleteObjects', 0);
  });

  test('lies in a bucket that only this account’s CloudFront may read, over TLS', () => {
    const bucket = only(dev.data, 'AWS::S3::Bucket');
    expect(bucket.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(bucket.BucketEncryption).toBeDefined();
    const [tls, read, ...others] = only(dev.data, 'AWS::S3::BucketPolicy').PolicyDocument.Statement;
    expect(others).toEqual([]);
    expect(tls).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    expect(read).toMatchObject({
      Effect: 'Allow',
      Action: 's3:GetObject',
      Principal: { Service: 'cloudfront.amazonaws.com' },
    });
    // CloudFront names its distribution; `aws:SourceAccount` it does not promise to send.
    expect(Object.keys(read.Condition)).toEqual(['ArnLike']);
    expect(written(read.Condition.ArnLike['aws:SourceArn'])).toContain('{AWS::AccountId}:distribution/*');
    expect(only(dev.service, 'AWS::CloudFront::OriginAccessControl').OriginAccessControlConfig).toMatchObject({
      SigningBehavior: 'always',
      SigningProtocol: 'sigv4',
    });
  });

  test('is put there assets first, cached for good, then index.html, asked for each time', () => {
    const { app, stacks } = stageApp({ stage: 'dev' });
    const assembly = app.synth();
    const template = assembly.getStackArtifact(stacks.service.artifactId).template;
    const steps = Object.values<Properties>(template.Resources).filter(
      ({ Type }) => Type === 'Custom::CDKBucketDeployment',
    );
    const seen = steps.map(({ Properties: step }) => {
      const folder = join(assembly.directory, `asset.${step.SourceObjectKeys[0].replace('.zip', '')}`);
      const files = readdirSync(folder, { recursive: true, withFileTypes: true });
      return [
        step.SystemMetadata['cache-control'],
        step.Prune,
        files.filter((file) => file.isFile()).map(({ name }) => name),
      ];
    });
    expect(seen).toEqual([
      ['public, max-age=31536000, immutable', false, ['main-0123abcd.js']],
      ['no-cache', false, ['index.html']],
    ]);
    const [firstId] = Object.keys(template.Resources).filter(
      (key) => template.Resources[key].Type === 'Custom::CDKBucketDeployment',
    );
    expect(steps[1]?.DependsOn).toContain(firstId);
  });
});

describe('the APIs', () => {
  test('have the routes of the contract; those that answer on the socket have a route response', () => {
    const routes = Object.values(propertiesOf(dev.service, 'AWS::ApiGatewayV2::Route'));
    expect(sorted(routes.map((route) => [route.RouteKey, route.RouteResponseSelectionExpression ?? '']))).toEqual([
      ['$connect', ''],
      ['$default', '$default'],
      ['$disconnect', ''],
      ['ANY /api/{proxy+}', ''],
      ['POST /api/sessions/{session_id}/messages', ''],
      ['resume', '$default'],
    ]);
    dev.service.resourceCountIs('AWS::ApiGatewayV2::RouteResponse', 2);
  });

  test('are throttled, and log every call in JSON without credentials or contents', () => {
    const stages = Object.values(propertiesOf(dev.service, 'AWS::ApiGatewayV2::Stage'));
    expect(stages).toHaveLength(2);
    for (const stage of stages) {
      expect(stage.DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 });
      const fields = Object.values(JSON.parse(stage.AccessLogSettings.Format));
      for (const field of fields) expect(field).not.toMatch(/header|querystring|authorizer|input/i);
    }
  });

  test.each(['dev', 'prod'])(
    'log in %s where the account’s resource policies have room, and for half the price',
    (stage) => {
      const { service } = templatesOf({ stage });
      const groups = propertiesOf(service, 'AWS::Logs::LogGroup');
      const written = Object.values(propertiesOf(service, 'AWS::ApiGatewayV2::Stage')).map(
        ({ AccessLogSettings }) => AccessLogSettings.DestinationArn['Fn::GetAtt'][0] as string,
      );
      const names = written.map((id) => groups[id]?.LogGroupName['Fn::Join'][1]);
      const ofTheStack = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };
      expect(names).toEqual([
        [`/aws/vendedlogs/switchboard-${stage}-ws-`, ofTheStack],
        [`/aws/vendedlogs/switchboard-${stage}-http-`, ofTheStack],
      ]);
      const cheaper = Object.keys(groups).filter((id) => groups[id]?.LogGroupClass === 'INFREQUENT_ACCESS');
      expect(sorted(cheaper)).toEqual(sorted(written));
      // CloudWatch refuses to count the lines of this class.
      const counted = Object.values(propertiesOf(service, 'AWS::Logs::MetricFilter')).map(
        ({ LogGroupName }) => LogGroupName.Ref,
      );
      expect(cheaper.filter((id) => counted.includes(id))).toEqual([]);
    },
  );

  test('may be called by CloudFront’s route alone: each function trusts its own API’s routes, not any', () => {
    for (const permission of Object.values(propertiesOf(dev.service, 'AWS::Lambda::Permission'))) {
      expect(permission.Action).toBe('lambda:InvokeFunction');
      expect(permission.SourceArn).toBeDefined();
    }
  });
});
