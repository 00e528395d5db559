import { Annotations, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ChatHttpApi } from '../constructs/api/http-api.ts';
import { ChatSocketApi } from '../constructs/api/websocket-api.ts';
import { Functions } from '../constructs/compute/functions.ts';
import { KafkaSource } from '../constructs/compute/kafka-source.ts';
import { LostEvents } from '../constructs/compute/lost-events.ts';
import { SweepSchedule } from '../constructs/compute/sweep-schedule.ts';
import { Sight } from '../constructs/sight/sight.ts';
import { Site } from '../constructs/site/distribution.ts';
import { OriginSecrets } from '../constructs/site/origin-secrets.ts';
import { PageDeployment } from '../constructs/site/page-deployment.ts';
import { originCheckers } from '../functions/catalogue.ts';
import { consumerGroups, topics } from '../names.ts';
import type { StageSettings } from '../settings/schema.ts';
import type { DataStack } from './data-stack.ts';
import type { NetworkStack } from './network-stack.ts';

export interface ServiceStackProps extends StackProps {
  readonly settings: StageSettings;
  readonly log: NetworkStack;
  readonly data: DataStack;
  /** Folder with the built functions and page. */
  readonly dist: string;
}

/** Everything that holds no state: functions, APIs, event sources, the schedule, the distribution. */
export class ServiceStack extends Stack {
  readonly socketApi: ChatSocketApi;
  readonly httpApi: ChatHttpApi;
  readonly lostEvents: LostEvents;
  readonly functions: Functions;
  readonly originSecrets: OriginSecrets;
  readonly siteBucket: IBucket;
  readonly site: Site;
  readonly page: PageDeployment;

  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id, props);
    const { settings, log, data, dist } = props;
    const { sessions, memory, connections } = data.tables.byName;
    this.socketApi = new ChatSocketApi(this, 'SocketApi', settings);
    this.originSecrets = new OriginSecrets(this, settings);

    this.lostEvents = new LostEvents(this, 'LostEvents');
    this.functions = new Functions(this, 'Functions', {
      dist,
      lostEvents: this.lostEvents,
      network: log.network,
      surroundings: {
        settings,
        sessionsTable: sessions.tableName,
        memoryTable: memory.tableName,
        connectionsTable: connections.tableName,
        kafkaBrokers: log.bootstrapBrokers,
        callbackUrl: this.socketApi.stage.callbackUrl,
        modelSecretArn: data.modelSecret.secretArn,
        originSecret: this.originSecrets.accepted,
      },
      resources: {
        stage: settings.stage,
        tableArns: { sessions: sessions.tableArn, memory: memory.tableArn, connections: connections.tableArn },
        clusterArn: log.clusterArn,
        webSocketStageArn: this.socketApi.stageArn,
        modelSecretArn: data.modelSecret.secretArn,
      },
    });
    const { byName: functions, logGroups } = this.functions;
    this.socketApi.route(functions);
    this.httpApi = new ChatHttpApi(this, 'HttpApi', settings, functions);

    const requests = new KafkaSource(this, 'RequestsSource', {
      target: functions.supervisor,
      topic: topics.requests,
      deadLetterTopic: topics.requestsDeadLetters,
      consumerGroupId: consumerGroups.supervisor,
      clusterArn: log.clusterArn,
      settings,
    });
    const responses = new KafkaSource(this, 'ResponsesSource', {
      target: functions.responder,
      topic: topics.responses,
      deadLetterTopic: topics.responsesDeadLetters,
      consumerGroupId: consumerGroups.responder,
      clusterArn: log.clusterArn,
      settings,
    });
    new SweepSchedule(this, 'SweepSchedule', functions.sweep);

    // By name: CDK would else write this stack's distribution into the bucket's policy, and tie the stacks into a ring.
    this.siteBucket = Bucket.fromBucketAttributes(this, 'SiteBucket', {
      bucketName: data.exportValue(data.site.bucket.bucketName),
      bucketRegionalDomainName: data.site.bucket.bucketRegionalDomainName,
    });
    this.site = new Site(this, 'Site', {
      settings,
      bucket: this.siteBucket,
      logs: data.site.logs,
      httpApi: this.httpApi.api,
      webSocketApi: this.socketApi.api,
      originSecret: this.originSecrets.current,
    });
    // Who compares the header takes a new value before CloudFront sends it.
    this.site.distribution.node.addDependency(...originCheckers.map((name) => functions[name]));
    // Its policy, in the data stack, lets this account's distributions read.
    Annotations.of(this.site).acknowledgeWarning('@aws-cdk/aws-cloudfront-origins:updateImportedBucketPolicyOac');
    this.page = new PageDeployment(this, 'Page', { settings, bucket: this.siteBucket, dist });
    new Sight(this, 'Sight', {
      settings,
      functions,
      logGroups,
      sources: { requests: requests.mapping, responses: responses.mapping },
      clusterName: log.clusterName,
      tables: data.tables.byName,
      httpApi: this.httpApi.api,
      socketStage: this.socketApi.stage,
      lostEvents: this.lostEvents,
    });
    new CfnOutput(this, 'LostEventsUrl', { value: this.lostEvents.queueUrl });
    // For the smoke test, which sees to it that they do not answer.
    new CfnOutput(this, 'HttpApiUrl', { value: this.httpApi.api.apiEndpoint });
    new CfnOutput(this, 'SocketApiUrl', { value: this.socketApi.stage.url });
    const { distributionDomainName } = this.site.distribution;
    new CfnOutput(this, 'Url', { value: `https://${settings.site.domain?.name ?? distributionDomainName}` });
    // What a domain of one's own has to point to.
    new CfnOutput(this, 'DistributionDomain', { value: distributionDomainName });
  }
}
