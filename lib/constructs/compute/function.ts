import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, RecursiveLoop, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { calledInARing } from '../../functions/async.ts';
import { catalogue } from '../../functions/catalogue.ts';
import { environmentOf, type Surroundings } from '../../functions/environment.ts';
import { type FunctionName, physicalName } from '../../functions/names.ts';
import { type Resources, statementsOf } from '../../functions/permissions.ts';
import type { PrivateNetwork } from '../network/private-network.ts';

export interface FunctionProps {
  readonly name: FunctionName;
  readonly surroundings: Surroundings;
  readonly resources: Omit<Resources, 'logGroupArn'>;
  readonly network: PrivateNetwork;
  /** Folder with `lambdas/<name>/index.mjs`. */
  readonly dist: string;
}

/** One function with its log group and a role of its own that holds exactly its plan's statements. */
export class AppFunction extends Construct {
  readonly fn: LambdaFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: FunctionProps) {
    super(scope, id);
    const { name, surroundings, network } = props;
    const { settings } = surroundings;
    const plan = catalogue[name];
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: settings.logRetentionDays,
      removalPolicy: settings.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const statements = statementsOf(name, plan, { ...props.resources, logGroupArn: this.logGroup.logGroupArn });
    const { memoryMb, timeoutSeconds, reservedConcurrency } = settings.functions[name];
    this.fn = new LambdaFunction(this, 'Function', {
      functionName: physicalName(settings.stage, name),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(join(props.dist, 'lambdas', name)),
      memorySize: memoryMb,
      timeout: Duration.seconds(timeoutSeconds),
      environment: environmentOf(plan.environment, surroundings),
      logGroup: this.logGroup,
      // Inline, so that the function, its poller and its destinations never start before their permissions stand.
      role: new Role(this, 'Role', {
        assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
        inlinePolicies: { own: new PolicyDocument({ statements }) },
      }),
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: reservedConcurrency }),
      ...(calledInARing.includes(name) ? { recursiveLoop: RecursiveLoop.ALLOW } : {}),
      ...(plan.inVpc
        ? {
            vpc: network.vpc,
            vpcSubnets: { subnets: network.vpc.isolatedSubnets },
            securityGroups: [network.functions],
          }
        : {}),
    });
  }
}
