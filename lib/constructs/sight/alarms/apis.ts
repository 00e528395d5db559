import { failedCalls, failedSocketCalls } from '../measures.ts';
import type { SightProps } from '../sight.ts';
import type { AlarmSpecs } from './spec.ts';

/**
 * What people see of the APIs when no function is to blame: a permission that is gone, a time-out, no free place. CloudFront's own
 * errors have no alarm: their measures stand in one Region only, where the stacks of a stage need not be.
 */
export function ofApis({ httpApi, socketStage }: SightProps): AlarmSpecs {
  return {
    'http-5xx': {
      metric: failedCalls(httpApi),
      // In five minutes, twice: a cold start that is too slow is one.
      threshold: 5,
      periods: 2,
      description:
        'Calls of /api fail with 5xx. Look at the errors of http-api and http-message, then at the access log.',
    },
    'socket-errors': {
      metric: failedSocketCalls(socketStage),
      threshold: 5,
      periods: 2,
      description:
        'The WebSocket API cannot call its functions. Look at the errors of ws-message, then at the access log.',
    },
  };
}
