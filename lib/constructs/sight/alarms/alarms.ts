import { Aws } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { LogMetrics } from '../log-metrics.ts';
import type { SightProps } from '../sight.ts';
import { ofApis } from './apis.ts';
import { ofChats } from './chats.ts';
import { ofTables } from './data.ts';
import { ofFunctions } from './functions.ts';
import { ofKafka } from './kafka.ts';
import type { AlarmSpec } from './spec.ts';

/** All alarms of a stage, to one SNS topic. Silence of a metric is no alarm where it counts faults, as most do. */
export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: SightProps, logged: LogMetrics) {
    super(scope, id);
    const { stage, alarms } = props.settings;
    this.topic = new Topic(this, 'Topic', { displayName: `Switchboard ${stage}`, enforceSSL: true });
    this.#letAlarmsIn();
    if (alarms.email !== undefined) this.topic.addSubscription(new EmailSubscription(alarms.email));
    const specs = {
      ...ofKafka(props),
      ...ofChats(props, logged),
      ...ofFunctions(props),
      ...ofApis(props),
      ...ofTables(props),
    };
    for (const [name, spec] of Object.entries(specs)) this.#alarm(name, `switchboard-${stage}-${name}`, spec);
  }

  /** A topic with a policy of its own, which `enforceSSL` gives it, no longer lets in whoever its account allows. */
  #letAlarmsIn(): void {
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Alarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
  }

  #alarm(id: string, alarmName: string, { metric, threshold, periods, below, description }: AlarmSpec): void {
    const { LESS_THAN_THRESHOLD, GREATER_THAN_OR_EQUAL_TO_THRESHOLD } = ComparisonOperator;
    new Alarm(this, id, {
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: below ? LESS_THAN_THRESHOLD : GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: below === 'or-silent' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      alarmName,
      alarmDescription: description,
    }).addAlarmAction(new SnsAction(this.topic));
  }
}
