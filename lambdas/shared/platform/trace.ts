import { randomBytes } from 'node:crypto';
import type { Step, Trail } from '../contracts/steps.ts';

const shape = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** A new W3C trace context, sampled. */
export function newTraceparent(): string {
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
}

/** The given trace context where it is one, else a new one. */
export function traceparentOr(value: unknown): string {
  return typeof value === 'string' && shape.test(value) ? value : newTraceparent();
}

/** A trail with one more step; `since` is when the step began, in epoch milliseconds. */
export function withStep(
  trail: Trail,
  component: string,
  step: string,
  action: string,
  since: number,
  now: number = Date.now(),
): Trail {
  const added: Step = { step, component, action, at: now, ms: now - since };
  return { traceparent: trail.traceparent, steps: [...trail.steps, added] };
}
