import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

/** Invokes functions asynchronously: resolves when the platform has taken the event, which it then delivers. */
export class Functions {
  readonly #client = new LambdaClient({
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  });

  async invoke(name: string, payload: unknown): Promise<void> {
    await this.#client.send(
      new InvokeCommand({ FunctionName: name, InvocationType: 'Event', Payload: JSON.stringify(payload) }),
    );
  }
}
