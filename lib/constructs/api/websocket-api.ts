import { Aws, Duration } from 'aws-cdk-lib';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { FunctionName } from '../../functions/names.ts';
import { webSocketStage } from '../../names.ts';
import type { StageSettings } from '../../settings/schema.ts';
import { AccountLogsRole, accessLog } from './access-logs.ts';

/** The sockets: one stage, its routes added once the functions exist, for these need the stage's address. */
export class ChatSocketApi extends Construct {
  readonly api: WebSocketApi;
  readonly stage: WebSocketStage;
  /** `arn:…:execute-api:…:{api}/{stage}`, to grant `@connections` on. */
  readonly stageArn: string;
  readonly #timeouts: StageSettings['functions'];

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    this.#timeouts = settings.functions;
    this.api = new WebSocketApi(this, 'Api', {
      apiName: `switchboard-${settings.stage}-ws`,
      routeSelectionExpression: '$request.body.action',
    });
    this.stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName: webSocketStage,
      autoDeploy: true,
      throttle: { rateLimit: settings.api.requestsPerSecond, burstLimit: settings.api.burst },
      ...(settings.webSocketLogs === 'off' ? {} : { accessLogSettings: accessLog(this, 'ws', settings, logged) }),
    });
    if (settings.webSocketLogs === 'create')
      this.stage.node.addDependency(new AccountLogsRole(this, 'AccountLogs').account);
    this.stageArn = `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${this.api.apiId}/${this.stage.stageName}`;
  }

  /** The routes. `$default` and `resume` answer the caller over the route itself, needing no `@connections`. */
  route(functions: Readonly<Record<FunctionName, LambdaFunction>>): void {
    const routes = [
      { key: '$connect', to: 'ws-connect', returnResponse: false },
      { key: '$disconnect', to: 'ws-disconnect', returnResponse: false },
      { key: '$default', to: 'ws-message', returnResponse: true },
      { key: 'resume', to: 'ws-resume', returnResponse: true },
    ] as const;
    for (const { key, to, returnResponse } of routes) {
      // A second above the function's own time-out, so that the function's error is what is seen.
      const timeout = Duration.seconds(Math.min(this.#timeouts[to].timeoutSeconds + 1, 29));
      this.api.addRoute(key, {
        integration: new WebSocketLambdaIntegration(`${to}-integration`, functions[to], { timeout }),
        returnResponse,
      });
    }
  }
}

const logged = {
  request_id: '$context.requestId',
  connection_id: '$context.connectionId',
  event: '$context.eventType',
  route: '$context.routeKey',
  status: '$context.status',
  time: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  error: '$context.error.messageString',
  integration_error: '$context.integrationErrorMessage',
};
