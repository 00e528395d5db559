import { CfnTopic } from 'aws-cdk-lib/aws-msk';
import { Construct } from 'constructs';
import { topics } from '../../names.ts';
import type { StageSettings } from '../../settings/schema.ts';

/** The four topics, made by CloudFormation, so that no function ever needs the right to create one. */
export class Topics extends Construct {
  constructor(scope: Construct, id: string, settings: StageSettings, clusterArn: string) {
    super(scope, id);
    const { partitions, replicationFactor, minInsyncReplicas, retentionHours, deadLetterRetentionHours } =
      settings.topics;
    const create = (name: string, partitionCount: number, hours: number): void => {
      new CfnTopic(this, name, {
        clusterArn,
        topicName: name,
        partitionCount,
        replicationFactor,
        configs: encoded({
          'retention.ms': hours * 3_600_000,
          'min.insync.replicas': minInsyncReplicas,
          'cleanup.policy': 'delete',
          // Answers of a megabyte travel whole, JSON's escapes around them; event sources take batches of 6 MB.
          'max.message.bytes': 4_194_304,
        }),
      });
    };
    create(topics.requests, partitions, retentionHours);
    create(topics.responses, partitions, retentionHours);
    // Read by people, one after the other: order across sessions costs nothing here.
    create(topics.requestsDeadLetters, 1, deadLetterRetentionHours);
    create(topics.responsesDeadLetters, 1, deadLetterRetentionHours);
  }
}

/** `key=value` lines in base64, as `AWS::MSK::Topic` takes them. */
const encoded = (configs: Record<string, string | number>): string =>
  Buffer.from(
    Object.entries(configs)
      .map(([key, value]) => `${key}=${value}`)
      .join('\n'),
  ).toString('base64');
