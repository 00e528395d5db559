import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { SiteBucket } from '../constructs/data/site-bucket.ts';
import { Tables } from '../constructs/data/tables.ts';
import type { StageSettings } from '../settings/schema.ts';

/** What people wrote, the page, and the model's key. */
export class DataStack extends Stack {
  readonly tables: Tables;
  readonly site: SiteBucket;
  /** The model's API key; its value is put in by hand and stands in no template. */
  readonly modelSecret: ISecret;

  constructor(scope: Construct, id: string, props: StackProps & { readonly settings: StageSettings }) {
    super(scope, id, props);
    const { settings } = props;
    const removalPolicy = settings.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.tables = new Tables(this, 'Tables', settings.keepData);
    this.site = new SiteBucket(this, 'Site', {
      keepData: settings.keepData,
      accessLogs: settings.site.accessLogs,
      logRetentionDays: settings.logRetentionDays,
    });
    this.modelSecret =
      settings.model.secretArn === undefined
        ? (new Secret(this, 'ModelKey', {
            description: `API key of the model provider for Switchboard ${settings.stage}; random until put in`,
            removalPolicy,
          }) as ISecret)
        : Secret.fromSecretCompleteArn(this, 'ModelKey', settings.model.secretArn);
    // Where the model's key is to be put.
    new CfnOutput(this, 'ModelKeyArn', { value: this.modelSecret.secretArn });
  }
}
