import { Duration } from 'aws-cdk-lib';
import { HttpApi, HttpMethod, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { FunctionName } from '../../functions/names.ts';
import type { StageSettings } from '../../settings/schema.ts';
import { accessLog } from './access-logs.ts';

/** `/api`: one function for all of it but sending a message, which needs Kafka and so the VPC. */
export class ChatHttpApi extends Construct {
  readonly api: HttpApi;

  constructor(
    scope: Construct,
    id: string,
    settings: StageSettings,
    functions: Readonly<Record<FunctionName, LambdaFunction>>,
  ) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: `switchboard-${settings.stage}-http`,
      createDefaultStage: false,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: settings.api.requestsPerSecond, burstLimit: settings.api.burst },
      accessLogSettings: accessLog(this, 'http', settings, logged),
    });
    const integrate = (name: FunctionName): HttpLambdaIntegration =>
      new HttpLambdaIntegration(`${name}-integration`, functions[name], {
        timeout: Duration.seconds(Math.min(settings.functions[name].timeoutSeconds + 1, 30)),
      });
    this.api.addRoutes({
      path: '/api/{proxy+}',
      methods: [HttpMethod.ANY],
      integration: integrate('http-api'),
    });
    this.api.addRoutes({
      path: '/api/sessions/{session_id}/messages',
      methods: [HttpMethod.POST],
      integration: integrate('http-message'),
    });
  }
}

const logged = {
  request_id: '$context.requestId',
  route: '$context.routeKey',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  bytes: '$context.responseLength',
  ms: '$context.responseLatency',
  time: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  error: '$context.error.message',
  integration_error: '$context.integrationErrorMessage',
};
