import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface SiteBucketProps {
  readonly keepData: boolean;
  readonly accessLogs: boolean;
  readonly logRetentionDays: number;
}

/** Holds the built page; private, read by this account's CloudFront only. */
export class SiteBucket extends Construct {
  readonly bucket: Bucket;
  /** Where CloudFront and S3 write who asked for what, if the stage keeps that. */
  readonly logs: IBucket | undefined;

  constructor(scope: Construct, id: string, props: SiteBucketProps) {
    super(scope, id);
    const common = {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: props.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    };
    this.logs = props.accessLogs
      ? (new Bucket(this, 'AccessLogs', {
          ...common,
          // CloudFront delivers its standard logs by ACL.
          objectOwnership: ObjectOwnership.OBJECT_WRITER,
          lifecycleRules: [{ expiration: Duration.days(props.logRetentionDays) }],
          // Logs come until the very end, and a bucket that holds any cannot be deleted.
          autoDeleteObjects: !props.keepData,
        }) as IBucket)
      : undefined;
    this.bucket = new Bucket(this, 'Site', {
      ...common,
      // The stack that empties it (the page's deployment) is destroyed before this one.
      ...(this.logs === undefined ? {} : { serverAccessLogsBucket: this.logs, serverAccessLogsPrefix: 'site/' }),
    });
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ReadByCloudFront',
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('cloudfront.amazonaws.com')],
        actions: ['s3:GetObject'],
        resources: [this.bucket.arnForObjects('*')],
        // The distribution lives in a later stack, whose name for it cannot be known here without a ring of stacks.
        conditions: {
          ArnLike: { 'aws:SourceArn': `arn:${Aws.PARTITION}:cloudfront::${Aws.ACCOUNT_ID}:distribution/*` },
        },
      }),
    );
  }
}
