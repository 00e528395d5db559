import { Duration } from 'aws-cdk-lib';
import type { HttpApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { EventSourceMapping, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { TableName } from '../../functions/catalogue.ts';
import type { FunctionName } from '../../functions/names.ts';
import { consumerGroups, globalName, topics } from '../../names.ts';
import type { StageSettings } from '../../settings/schema.ts';
import { Alarms } from './alarms/alarms.ts';
import { lagSeconds } from './kafka-measures.ts';
import { LogMetrics } from './log-metrics.ts';
import { failing } from './measures.ts';

export interface SightProps {
  readonly settings: StageSettings;
  readonly functions: Readonly<Record<FunctionName, LambdaFunction>>;
  readonly logGroups: Readonly<Record<FunctionName, ILogGroup>>;
  readonly sources: Readonly<Record<'requests' | 'responses', EventSourceMapping>>;
  readonly clusterName: string;
  readonly tables: Readonly<Record<TableName, Table>>;
  readonly httpApi: HttpApi;
  readonly socketStage: WebSocketStage;
  /** Events of asynchronous calls that failed for good. */
  readonly lostEvents: IQueue;
}

/** What an operator sees of a stage: measures, alarms, one dashboard in the order in which one asks. */
export class Sight extends Construct {
  constructor(scope: Construct, id: string, props: SightProps) {
    super(scope, id);
    const { settings, functions, clusterName } = props;
    const logged = new LogMetrics(this, 'LogMetrics', settings.stage, props.logGroups);
    new Alarms(this, 'Alarms', props, logged);
    const names = Object.keys(functions) as FunctionName[];
    const over = (measure: (name: FunctionName) => IMetric): IMetric[] => names.map(measure);
    new Dashboard(this, 'Dashboard', {
      dashboardName: globalName(settings.stage, 'sight'),
      defaultInterval: Duration.hours(3),
      widgets: [
        [
          chart('How long a turn takes, model included (ms)', [
            logged.metric('TurnMs', 'p50'),
            logged.metric('TurnMs', 'p99'),
          ]),
          chart('Ends that failed, records set aside, pushes lost, sweep findings', [
            logged.metric('FailedEnds', 'Sum'),
            logged.metric('DeadLetters', 'Sum'),
            logged.metric('PushErrors', 'Sum'),
            logged.metric('SweepFindings', 'Sum'),
          ]),
        ],
        [
          chart('Age of the oldest record not handled (s)', [
            lagSeconds(clusterName, consumerGroups.supervisor, topics.requests),
            lagSeconds(clusterName, consumerGroups.responder, topics.responses),
          ]),
          chart(
            'Function errors and throttles',
            over((name) => failing(functions[name], name)),
          ),
        ],
        [
          chart(
            'Function calls',
            over((name) => functions[name].metricInvocations({ label: name })),
          ),
          chart(
            'Function duration, p99 (ms)',
            over((name) => functions[name].metricDuration({ statistic: 'p99', label: name })),
          ),
        ],
      ],
    });
  }
}

const chart = (title: string, left: IMetric[]): GraphWidget => new GraphWidget({ title, left, width: 12, height: 6 });
