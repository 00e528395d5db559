import { join } from 'node:path';
import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import type { StageSettings } from '../../settings/schema.ts';

export interface PageDeploymentProps {
  readonly settings: StageSettings;
  readonly bucket: IBucket;
  /** Folder with `frontend/index.html` and the hashed assets. */
  readonly dist: string;
}

/**
 * Puts the built page into its bucket: first the assets, whose names change with their content and which are cached for good, then
 * `index.html`, which is asked for again each time. Nothing is pruned, for open tabs still use the assets of yesterday, and nothing
 * has to be invalidated.
 */
export class PageDeployment extends Construct {
  constructor(scope: Construct, id: string, { settings, bucket, dist }: PageDeploymentProps) {
    super(scope, id);
    const folder = join(dist, 'frontend');
    const logGroup = new LogGroup(this, 'Logs', {
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const assets = new Asset(this, 'Assets', { path: folder, exclude: ['index.html'] });
    const page = new Asset(this, 'Page', { path: folder, exclude: ['*', '!index.html'] });
    // Its own role: CDK's would get every object and action of both buckets.
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        own: new PolicyDocument({
          statements: [
            allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
            allow(
              ['s3:GetObject'],
              [assets, page].map((asset) => asset.bucket.arnForObjects(asset.s3ObjectKey)),
            ),
            allow(['s3:ListBucket', 's3:GetBucketTagging'], [bucket.bucketArn]),
            allow(['s3:PutObject', 's3:DeleteObject'], [bucket.arnForObjects('*')]),
          ],
        }),
      },
    });
    const common = {
      destinationBucket: bucket,
      role: role.withoutPolicyUpdates(),
      logGroup,
      prune: false,
      // With the stack goes what it put there, so that the bucket can be deleted after it.
      retainOnDelete: settings.keepData,
      // The default 128 MB take a minute for what 512 do in seconds.
      memoryLimit: 512,
    };
    const first = new BucketDeployment(this, 'DeployAssets', {
      ...common,
      sources: [source(this, 'AssetsSource', assets)],
      cacheControl: [CacheControl.fromString('public, max-age=31536000, immutable')],
    });
    const second = new BucketDeployment(this, 'DeployPage', {
      ...common,
      sources: [source(this, 'PageSource', page)],
      cacheControl: [CacheControl.noCache()],
    });
    second.node.addDependency(first);
  }
}

const allow = (actions: string[], resources: string[]): PolicyStatement => new PolicyStatement({ actions, resources });

const source = (scope: Construct, id: string, asset: Asset): ReturnType<typeof Source.bucket> =>
  Source.bucket(Bucket.fromBucketName(scope, id, asset.s3BucketName), asset.s3ObjectKey);
