import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/** Every minute: what a dead process dropped is picked up within one. */
export class SweepSchedule extends Construct {
  constructor(scope: Construct, id: string, sweep: LambdaFunction) {
    super(scope, id);
    new Rule(this, 'Rule', {
      schedule: Schedule.rate(Duration.minutes(1)),
      // A sweep that comes late is the next sweep.
      targets: [new LambdaTarget(sweep, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }
}
