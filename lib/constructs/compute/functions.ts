import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type AsyncCalls, asyncCalls } from '../../functions/async.ts';
import { type FunctionName, functionNames } from '../../functions/names.ts';
import { AppFunction, type FunctionProps } from './function.ts';

export interface FunctionsProps extends Omit<FunctionProps, 'name' | 'resources'> {
  readonly resources: Omit<FunctionProps['resources'], 'lostEventsArn'>;
  /** For events whose function failed for good, and that nobody else is told of. */
  readonly lostEvents: IQueue;
}

/** All functions, and how those that are called asynchronously retry and report. */
export class Functions extends Construct {
  readonly byName: Readonly<Record<FunctionName, LambdaFunction>>;
  readonly logGroups: Readonly<Record<FunctionName, LogGroup>>;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const { lostEvents, resources } = props;
    const given = { ...props, resources: { ...resources, lostEventsArn: lostEvents.queueArn } };
    const all = functionNames.map((name) => [name, new AppFunction(this, name, { ...given, name })] as const);
    const pick = <T>(of: (one: AppFunction) => T): Record<FunctionName, T> =>
      Object.fromEntries(all.map(([name, one]) => [name, of(one)])) as Record<FunctionName, T>;
    this.byName = pick((one) => one.fn);
    this.logGroups = pick((one) => one.logGroup);
    for (const [name, calls] of Object.entries(asyncCalls))
      this.#configure(this.byName[name as FunctionName], calls, lostEvents);
  }

  #configure(fn: LambdaFunction, { retries, maxAgeSeconds, destination }: AsyncCalls, lostEvents: IQueue): void {
    // Bound by hand: CDK's own destinations would add grants, that of a function for every version of it.
    const to = (destinationArn: string) => ({ bind: () => ({ destination: destinationArn }) });
    fn.configureAsyncInvoke({
      retryAttempts: retries,
      maxEventAge: Duration.seconds(maxAgeSeconds),
      ...(destination === 'queue' && { onFailure: to(lostEvents.queueArn) }),
      ...(destination !== undefined &&
        destination !== 'queue' && {
          onSuccess: to(this.byName[destination].functionArn),
          onFailure: to(this.byName[destination].functionArn),
        }),
    });
  }
}
