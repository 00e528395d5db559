import type { DynamoDbFaults } from './faults.ts';

/** What the worker of the embedded store is started with. */
export interface StoreOptions {
  /** Folder of the LevelDB. */
  readonly path: string;
  /** Where the time-to-live attributes are remembered. */
  readonly ttlFile: string;
  readonly sweepEveryMs: number;
}

export type FromStore =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'unusable'; readonly code: string; readonly message: string }
  | { readonly kind: 'trouble'; readonly code: string; readonly message: string };

export type ToStore =
  | { readonly kind: 'faults'; readonly faults: DynamoDbFaults | undefined }
  | { readonly kind: 'stop' };
