import { randomUUID } from 'node:crypto';
import type { Log } from '../log.ts';
import type { ScheduleSpec } from '../template/model.ts';
import { parseCron } from './cron.ts';
import { ratePeriodMs } from './rate.ts';

export interface ScheduleOptions {
  readonly spec: ScheduleSpec;
  /** Queues an asynchronous invocation. */
  readonly invokeAsync: (functionName: string, event: unknown) => Promise<unknown>;
  readonly log: Log;
  /** For the ARN in the event. */
  readonly region?: string;
  readonly accountId?: string;
}

export interface Schedule {
  stop(): void;
}

/** setTimeout takes no more than 31 bits. */
const longestTimerMs = 2 ** 31 - 1;

/** What a dead process had just begun looks alive at the first firing; by then it no longer does. */
const secondFiringMs = 5_000;

/**
 * An EventBridge rule with one function as target: `rate(...)` fires at once, soon again, and then periodically, `cron(...)` at its
 * times in UTC. The event is the rule's input, or EventBridge's own `Scheduled Event`.
 */
export function startSchedule({ spec, invokeAsync, log, region = '', accountId = '' }: ScheduleOptions): Schedule {
  const period = ratePeriodMs(spec.expression);
  const cron = period === undefined ? parseCron(spec.expression) : undefined;
  let timer: NodeJS.Timeout | undefined;

  function fire(): void {
    const time = new Date();
    const event = spec.input ?? scheduledEvent(`arn:aws:events:${region}:${accountId}:rule/${spec.logicalId}`, time);
    invokeAsync(spec.functionName, event).catch((error: unknown) => {
      log.warn(`schedule ${spec.logicalId}: ${spec.functionName} cannot be invoked: ${String(error)}`);
    });
  }

  /** Fires at a time however far away it is. */
  function fireAt(at: number, next: (fired: number) => number | undefined): void {
    const wait = at - Date.now();
    if (wait > longestTimerMs) {
      timer = setTimeout(() => fireAt(at, next), longestTimerMs);
      return;
    }
    timer = setTimeout(() => {
      fire();
      const following = next(at);
      if (following !== undefined) fireAt(following, next);
    }, wait);
  }

  if (spec.enabled && period !== undefined) {
    const started = Date.now();
    const soon = period > 2 * secondFiringMs ? secondFiringMs : period;
    // After a pause of the whole machine the missed firings are not made up for.
    fireAt(started, (fired) => Math.max(fired === started ? fired + soon : fired + period, Date.now()));
  } else if (spec.enabled && cron) {
    const first = cron.next(Date.now());
    if (first !== undefined) fireAt(first, (fired) => cron.next(Math.max(fired, Date.now())));
  } else if (spec.enabled) {
    log.warn(`schedule ${spec.logicalId}: '${spec.expression}' is not understood, ${spec.functionName} is not invoked`);
  }
  return { stop: () => clearTimeout(timer) };
}

/** https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-eventbridge.html */
function scheduledEvent(ruleArn: string, time: Date): unknown {
  const [, , , region = '', account = ''] = ruleArn.split(':');
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account,
    time: time.toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources: [ruleArn],
    detail: {},
  };
}
