import { Duration } from 'aws-cdk-lib';
import {
  EventSourceMapping,
  type Function as LambdaFunction,
  MetricType,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { KafkaDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import type { TopicName } from '../../names.ts';
import type { StageSettings } from '../../settings/schema.ts';

export interface KafkaSourceProps {
  readonly target: LambdaFunction;
  readonly topic: TopicName;
  readonly deadLetterTopic: TopicName;
  readonly consumerGroupId: string;
  readonly clusterArn: string;
  readonly settings: Pick<StageSettings, 'stage' | 'eventSource'>;
}

/** What the on-demand mode cannot do; said at synth, for CDK would take the settings and the deployment fail. */
export const onDemandLosses = [
  'a batch that fails is tried again whole until it works or expires: one poison record blocks its partition',
  'no partial failures, no bisecting, no bound on attempts or age, no dead-letter topic of the event source',
  'pollers follow the lag within minutes, not seconds',
] as const;

/**
 * The poller from one topic to one function. Its data-plane permissions are in the function's role (`permissions.ts`),
 * which is why this is not CDK's ManagedKafkaEventSource: that one attaches a managed policy instead, without them.
 */
export class KafkaSource extends Construct {
  readonly mapping: EventSourceMapping;

  constructor(scope: Construct, id: string, props: KafkaSourceProps) {
    super(scope, id);
    const { eventSource, stage } = props.settings;
    this.mapping = new EventSourceMapping(this, 'Mapping', {
      target: props.target,
      eventSourceArn: props.clusterArn,
      kafkaTopic: props.topic,
      kafkaConsumerGroupId: props.consumerGroupId,
      // LATEST would lose what is produced while the mapping is made or changed.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: eventSource.batchSize,
      // Once changed from 0, AWS's own 500 ms can never be had again; 0 means as soon as there is a record.
      maxBatchingWindow: Duration.seconds(0),
      ...(eventSource.mode === 'on-demand'
        ? {}
        : {
            provisionedPollerConfig: {
              minimumPollers: eventSource.minimumPollers,
              maximumPollers: eventSource.maximumPollers,
              // Mappings of one group share the paid event poller units.
              pollerGroupName: `switchboard-${stage}`,
            },
            metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
            reportBatchItemFailures: true,
            bisectBatchOnError: true,
            retryAttempts: eventSource.retryAttempts,
            maxRecordAge: Duration.seconds(eventSource.maxRecordAgeSeconds),
            onFailure: new KafkaDlq(props.deadLetterTopic),
          }),
    });
  }
}
