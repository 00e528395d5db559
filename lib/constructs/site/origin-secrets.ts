import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { StageSettings } from '../../settings/schema.ts';

/**
 * What CloudFront shows to the functions behind it. A new version is sent by CloudFront while the functions accept the one
 * before as well, for it takes minutes until every edge location sends the new one.
 */
export class OriginSecrets extends Construct {
  /** Value that CloudFront sends; a dynamic reference: CloudFormation reads it, the template holds only where it is. */
  readonly current: string;
  /** Values that count, with commas between them. */
  readonly accepted: string;

  constructor(scope: Construct, { stage, site: { originSecretVersion: version } }: StageSettings) {
    super(scope, 'OriginSecrets');
    const versions = version > 1 ? [version, version - 1] : [version];
    const values = versions.map((number) =>
      new Secret(this, `Version${number}`, {
        description: `Header by which the functions of Switchboard ${stage} know CloudFront`,
        generateSecretString: { excludePunctuation: true, passwordLength: 48 },
      }).secretValue.unsafeUnwrap(),
    );
    this.current = values[0] ?? '';
    this.accepted = values.join(',');
  }
}
