import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';

export interface SdkCallProps {
  /** Of the AWS SDK for JavaScript: client and camel-case action. */
  readonly service: string;
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Of the one value wanted, in the flattened answer. */
  readonly outputPath: string;
  /** Of the function that makes the calls, shared by all of a stack. */
  readonly logGroup: ILogGroup;
  readonly permission: { readonly action: string; readonly resource: string };
}

/** One read-only call of an AWS API during deployment, for what CloudFormation has no attribute for. */
export class SdkCall extends Construct {
  readonly value: string;

  constructor(scope: Construct, id: string, props: SdkCallProps) {
    super(scope, id);
    const { service, action, parameters, outputPath, permission, logGroup } = props;
    const call = {
      service,
      action,
      parameters,
      outputPaths: [outputPath],
      physicalResourceId: PhysicalResourceId.of(`${service}.${action}`),
    };
    const resource = new AwsCustomResource(this, 'Call', {
      // On every change of its parameters, too.
      onUpdate: call,
      installLatestAwsSdk: false,
      logGroup,
      policy: AwsCustomResourcePolicy.fromStatements([
        new PolicyStatement({ actions: [permission.action], resources: [permission.resource] }),
      ]),
    });
    this.value = resource.getResponseField(outputPath);
  }
}
