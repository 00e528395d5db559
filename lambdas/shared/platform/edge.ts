import type { Context } from 'aws-lambda';
import { createLogger, type Logger } from './logger.ts';

/** What every handler gets beside its event. */
export interface Invocation {
  readonly logger: Logger;
  readonly requestId: string;
  /** Milliseconds until the platform ends this invocation. */
  remainingMs(): number;
}

type Handler<E, R> = (event: E, context: Context) => Promise<R>;

/** Kept back from the deadline, to say in good order that time is up. */
export const reserveMs = 1_000;

/**
 * Wraps a use case as a Lambda handler: a logger with the request's id, the deadline, one log line with the duration,
 * and one place for what nobody expected. `onError` gives the answer for callers that must never see an error object
 * (API Gateway would pass it on to the client); without it the error is thrown, for event sources that deliver again.
 */
export function edge<E, R>(
  component: string,
  use: (event: E, invocation: Invocation) => Promise<R>,
  onError?: (error: unknown) => R,
): Handler<E, R> {
  const base = createLogger(component);
  return async (event, context) => {
    const started = performance.now();
    const logger = base.with({ request_id: context.awsRequestId });
    const took = () => Math.round((performance.now() - started) * 10) / 10;
    try {
      const result = await use(event, {
        logger,
        requestId: context.awsRequestId,
        remainingMs: () => context.getRemainingTimeInMillis(),
      });
      logger.log('debug', 'done', { ms: took() });
      return result;
    } catch (error) {
      logger.log('error', 'unexpected failure', { error, ms: took() });
      if (onError) return onError(error);
      throw error;
    }
  };
}
