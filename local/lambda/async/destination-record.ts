import type { QueuedEvent } from './journal.ts';

export type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';

/** How an asynchronous invocation ended; `response` is missing when the function never ran. */
export interface Ending {
  readonly condition: Condition;
  readonly attempts: number;
  readonly response?: { readonly payload: string; readonly functionError?: string };
}

/**
 * The record that Lambda sends to a destination, as JSON text.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function destinationRecord(event: QueuedEvent, functionArn: string, ending: Ending, now: number): string {
  const { condition, attempts, response } = ending;
  return JSON.stringify({
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: event.id,
      functionArn: `${functionArn}:$LATEST`,
      condition,
      approximateInvokeCount: attempts,
    },
    requestPayload: JSON.parse(event.payload),
    ...(response === undefined
      ? {}
      : {
          responseContext: {
            statusCode: 200,
            executedVersion: '$LATEST',
            ...(response.functionError === undefined ? {} : { functionError: response.functionError }),
          },
          responsePayload: JSON.parse(response.payload),
        }),
  });
}
