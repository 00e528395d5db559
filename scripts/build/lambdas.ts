import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { plugins } from './plugins.ts';

/**
 * CommonJS packages (kafkajs) call `require` for Node's own modules, which an ES module does not have. The minifier does
 * not see the banner: a short name in it is one that it gives away as well.
 */
const banner =
  "import{createRequire as createRequireOfNode}from'node:module';const require=createRequireOfNode(import.meta.url);";

/** Names of the functions: the folders of `lambdas/` that have a handler. */
export function lambdaNames(root: string): string[] {
  const folder = join(root, 'lambdas');
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'handler.ts')));
}

/**
 * Bundles every function to `<outDir>/<name>/index.mjs`, as it is deployed and as it runs offline.
 * Source maps go to `<outDir>/../maps`: `--enable-source-maps` costs 130 ms of a cold start, so they stay out of Lambda.
 * `changes` are made to our own sources on the way, for tests of what another release does.
 */
export async function buildLambdas(root: string, outDir: string, changes: readonly Plugin[] = []): Promise<Metafile> {
  const entries = lambdaNames(root).map((name) => ({
    in: join(root, 'lambdas', name, 'handler.ts'),
    out: join(name, 'index'),
  }));
  const result = await build({
    entryPoints: entries,
    outdir: outDir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: { js: banner },
    plugins: [...changes, ...plugins],
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  return result.metafile;
}
