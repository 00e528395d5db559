import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildLambdas } from './build/lambdas.ts';

/** Builds all that is deployed into `dist/`: one bundle per function, and the page. */
export async function buildAll(root: string): Promise<void> {
  const dist = join(root, 'dist');
  await mkdir(dist, { recursive: true });
  await Promise.all([buildFunctions(root, dist), buildPage(root, dist)]);
}

async function buildFunctions(root: string, dist: string): Promise<void> {
  await rm(join(dist, 'lambdas'), { recursive: true, force: true });
  const metafile = await buildLambdas(root, join(dist, 'lambdas'));
  await writeFile(join(dist, 'meta.json'), JSON.stringify(metafile));
}

async function buildPage(root: string, dist: string): Promise<void> {
  const script = join(root, 'frontend', 'build.ts');
  if (!existsSync(script)) return;
  const { buildFrontend } = (await import(script)) as typeof import('../frontend/build.ts');
  await rm(join(dist, 'frontend'), { recursive: true, force: true });
  await buildFrontend({ outDir: join(dist, 'frontend'), minify: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = performance.now();
  await buildAll(dirname(dirname(fileURLToPath(import.meta.url))));
  console.log(`Built dist/ in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
