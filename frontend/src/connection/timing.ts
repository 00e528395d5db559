/**
 * Times of a connection, in milliseconds. API Gateway closes a WebSocket after 10 minutes without a frame and after 2
 * hours in any case.
 */
export const timing = {
  /** A handshake that takes longer has failed. */
  openWithin: 10_000,
  /** Between looks at the clock. */
  tick: 5_000,
  /** A tick later than this means that the machine slept. */
  slept: 30_000,
  /** Silence before a ping, when nothing is expected: each is two paid messages and a call, and is needed for the 10 minutes only. */
  quiet: 540_000,
  /** Silence before a ping, while an answer or an acknowledgement is. */
  quietWhileWaiting: 20_000,
  /** An unanswered ping means that the connection is dead. */
  pongWithin: 8_000,
  /** The same where something suggests that it is dead: somebody is looking, and a needless new one costs little. */
  probeWithin: 3_000,
  /** Age at which a connection is replaced, less up to `ageJitter`. */
  age: 115 * 60_000,
  ageJitter: 10 * 60_000,
  /** Before a failed replacement is tried again. */
  replaceAgain: 30_000,
  /** Longest wait before the first attempt to reconnect; it doubles up to `backoffMost`. */
  backoffFirst: 500,
  backoffMost: 30_000,
  /** Events may overtake each other: only a hole that lasts is a hole. */
  gapGrace: 300,
  /** Before a replay is asked for again. */
  replayWithin: 5_000,
  /** Before a question is sent again; the message id makes it count once. */
  acceptWithin: 8_000,
  /** Before a missing piece of a running answer is asked for. */
  stall: 1_500,
} as const;

/** Wait before attempt `attempt` (from 0) to reconnect: random in the upper half of an exponential step. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const step = Math.min(timing.backoffMost, timing.backoffFirst * 2 ** Math.min(attempt, 16));
  return step / 2 + (random() * step) / 2;
}
