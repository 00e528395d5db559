import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type AsyncCalls, asyncCalls } from '../../functions/async.ts';
import { type FunctionName, functionNames } from '../../functions/names.ts';
import { AppFunction, type FunctionProps } from './function.ts';

/** All functions, and how those that are called asynchronously retry and report. */
export class Functions extends Construct {
  readonly byName: Readonly<Record<FunctionName, LambdaFunction>>;

  constructor(scope: Construct, id: string, props: Omit<FunctionProps, 'name'>) {
    super(scope, id);
    this.byName = Object.fromEntries(
      functionNames.map((name) => [name, new AppFunction(this, name, { ...props, name }).fn]),
    ) as Record<FunctionName, LambdaFunction>;
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
