/** Misbehaviour for tests of resilience, as shares (0 to 1) of the requests; drawn from `seed`, so it can be repeated. */
export interface DynamoDbFaults {
  readonly seed: number;
  /** Refused with ProvisionedThroughputExceededException. */
  readonly throttle?: number;
  /** Never performed and never answered. */
  readonly loseRequest?: number;
  /** Performed, but never answered. */
  readonly loseAnswer?: number;
  /** Answered `delayMs` late. */
  readonly delay?: number;
  readonly delayMs?: number;
  /** Operations to disturb, for instance `PutItem`; all when left out. */
  readonly operations?: readonly string[];
}

export type Fault = 'none' | 'throttle' | 'loseRequest' | 'loseAnswer' | 'delay';

/** Decides request by request; the n-th decision depends on the seed alone. */
export function faultSource(faults: DynamoDbFaults): (operation: string) => Fault {
  const random = mulberry32(faults.seed);
  return (operation) => {
    if (faults.operations && !faults.operations.includes(operation)) return 'none';
    let draw = random();
    for (const fault of ['throttle', 'loseRequest', 'loseAnswer', 'delay'] as const) {
      draw -= faults[fault] ?? 0;
      if (draw < 0) return fault;
    }
    return 'none';
  };
}

/** A small generator with an even spread; https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
