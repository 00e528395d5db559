import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type AsyncCalls, asyncCalls } from '../../functions/async.ts';
import { type FunctionName, functionNames } from '../../functions/names.ts';
import { AppFunction, type FunctionProps } from './function.ts';

/** All functions, and how those that are called asynchronously retry and report. */
export class Functions extends Construct {
  readonly byName: Readonly<Record<FunctionName, LambdaFunction>>;
  readonly logGroups: Readonly<Record<FunctionName, LogGroup>>;

  constructor(scope: Construct, id: string, props: Omit<FunctionProps, 'name'>) {
    super(scope, id);
    const all = functionNames.map((name) => [name, new AppFunction(this, name, { ...props, name })] as const);
    const pick = <T>(of: (one: AppFunction) => T): Record<FunctionName, T> =>
      Object.fromEntries(all.map(([name, one]) => [name, of(one)])) as Record<FunctionName, T>;
    this.byName = pick((one) => one.fn);
    this.logGroups = pick((one) => one.logGroup);
    for (const [name, calls] of Object.entries(asyncCalls)) this.#configure(this.byName[name as FunctionName], calls);
  }

  #configure(fn: LambdaFunction, { retries, maxAgeSeconds, destination }: AsyncCalls): void {
    // Bound by hand: CDK's own LambdaDestination would add a grant for every version of the function.
    const to =
      destination === undefined ? undefined : { bind: () => ({ destination: this.byName[destination].functionArn }) };
    fn.configureAsyncInvoke({
      retryAttempts: retries,
      maxEventAge: Duration.seconds(maxAgeSeconds),
      ...(to === undefined ? {} : { onSuccess: to, onFailure: to }),
    });
  }
}
