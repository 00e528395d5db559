import { join } from 'node:path';
import { prepare } from '../../local/prepare.ts';

/** Builds the bundles and synthesizes, once per run and only what changed; for vitest's `globalSetup`. */
export default async function built(): Promise<void> {
  await prepare({ root: join(import.meta.dirname, '..', '..'), progress: console.log });
}
