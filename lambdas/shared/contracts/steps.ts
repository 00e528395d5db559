import * as z from 'zod/mini';

const name = z.string().check(z.maxLength(200));

/**
 * One step of a message's way through the system (contract, section 7). The steps travel with the message, in record
 * headers and call payloads, and are stored with its end.
 */
export const step = z.object({
  step: name,
  component: name,
  action: name,
  /** Epoch milliseconds at which the step was done. */
  at: z.number(),
  /** Milliseconds the step took. */
  ms: z.number(),
});
export type Step = z.infer<typeof step>;

/** What travels beside a message: its W3C trace context, and the steps so far. */
export interface Trail {
  readonly traceparent: string;
  readonly steps: readonly Step[];
}
