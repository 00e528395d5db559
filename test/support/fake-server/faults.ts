/** What can go wrong on the way between the server and a page. Chances are from 0 to 1. */
export interface FaultSettings {
  /** A frame to the page is lost, sent twice, or overtaken by later ones. */
  lose: number;
  duplicate: number;
  delay: number;
  /** Longest delay of a delayed frame, in milliseconds. */
  delayMs: number;
  /** A frame of the page is lost. */
  loseIncoming: number;
  /** Nothing is answered: connections are cut, and new ones refused. */
  down: boolean;
  /** Frames for which this is false are lost. */
  passes: (frame: Readonly<Record<string, unknown>>) => boolean;
}

export const noFaults: FaultSettings = {
  lose: 0,
  duplicate: 0,
  delay: 0,
  delayMs: 50,
  loseIncoming: 0,
  down: false,
  passes: () => true,
};

/** A repeatable sequence of numbers from 0 to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
