import type { MSKEvent } from 'aws-lambda';
import { eachBySession, failuresOf, recordsOf } from '../shared/adapters/kafka/msk-event.ts';
import { deliver as deliverEvent } from '../shared/contracts/calls.ts';
import type { ServerFrame } from '../shared/contracts/server-frames.ts';
import { deliver } from '../shared/domain/delivery.ts';
import type { Invocation } from '../shared/platform/edge.ts';
import { consumeResponse, type RespondPorts } from './consume.ts';

/** Answers both kinds of event: records, and frames to push. */
export function createRespond(ports: RespondPorts) {
  return async (event: unknown, { logger }: Invocation) => {
    const asked = deliverEvent.safeParse(event);
    if (asked.success) {
      const { session_id, frames } = asked.data;
      const pushed = await deliver(ports, session_id, frames as unknown as ServerFrame[]);
      logger.log('debug', 'pushed', { session_id, ...pushed });
      return undefined;
    }
    const failed = await eachBySession(
      recordsOf(event as MSKEvent),
      async (record) => consumeResponse(ports, record, logger),
      ({ topic, partition, offset }, error) =>
        logger.log('error', 'record failed', { topic, partition, offset, error }),
    );
    return failuresOf(failed, ports.failureMode);
  };
}
