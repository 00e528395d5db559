import type { StageSettings } from './schema.ts';

/** The setting at fault, and why, for the person at the terminal. */
export interface Contradiction {
  readonly path: readonly string[];
  readonly message: string;
}

/** Settings that are each well formed and do not go together. */
export type Check = (settings: StageSettings) => readonly Contradiction[];

export const refuse = (path: string, message: string): Contradiction[] => [{ path: path.split('.'), message }];
export const refuseIf = (wrong: boolean, path: string, message: string): Contradiction[] =>
  wrong ? refuse(path, message) : [];
