import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build, type Metafile } from 'esbuild';

/** What the page may weigh before the highlighter is loaded, gzipped. */
const mostGzipBytes = 60 * 1024;

export interface FrontendBuild {
  /** Paths under `outDir`. */
  readonly files: readonly string[];
  /** What a first visit loads, compressed; code highlighting comes later, on demand. */
  readonly gzipBytes: number;
}

/**
 * Builds the page into `outDir`: `index.html`, and assets whose names change with their content, so that they can be
 * cached for ever. Throws when the page outgrows its budget.
 */
export async function buildFrontend(options: {
  readonly outDir: string;
  readonly minify: boolean;
}): Promise<FrontendBuild> {
  const { outDir, minify } = options;
  await mkdir(join(outDir, 'assets'), { recursive: true });
  const [outputs, icon, template] = await Promise.all([
    bundle(outDir, minify),
    copyIcon(outDir),
    readFile(join(import.meta.dirname, 'index.html'), 'utf8'),
  ]);
  const main = entry(outputs, 'main.tsx');
  const chunks = staticImports(outputs, main);
  const first = { main, styles: entry(outputs, 'styles.css'), early: entry(outputs, 'early.ts'), icon };
  await writeFile(join(outDir, 'index.html'), fill(template, first, chunks));
  const loaded = ['index.html', ...Object.values(first), ...chunks];
  const sizes = await Promise.all(loaded.map(async (file) => gzipSync(await readFile(join(outDir, file))).length));
  const gzipBytes = sizes.reduce((sum, size) => sum + size, 0);
  if (minify && gzipBytes > mostGzipBytes) {
    throw new Error(`The page has ${gzipBytes} bytes gzipped; ${mostGzipBytes} is the most it may have`);
  }
  return { files: ['index.html', icon, ...Object.keys(outputs)], gzipBytes };
}

async function bundle(outDir: string, minify: boolean): Promise<Metafile['outputs']> {
  const source = join(import.meta.dirname, 'src');
  const shared: BuildOptions = {
    outdir: join(outDir, 'assets'),
    absWorkingDir: outDir,
    bundle: true,
    minify,
    target: ['es2023', 'chrome120', 'firefox121', 'safari17'],
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    logLevel: 'warning',
  };
  const [page, early] = await Promise.all([
    build({
      ...shared,
      metafile: true,
      entryPoints: [join(source, 'main.tsx'), join(source, 'styles/styles.css')],
      format: 'esm',
      splitting: true,
      jsx: 'automatic',
      jsxImportSource: 'preact',
    }),
    build({ ...shared, metafile: true, entryPoints: [join(source, 'early.ts')], format: 'iife' }),
  ]);
  return { ...page.metafile.outputs, ...early.metafile.outputs };
}

async function copyIcon(outDir: string): Promise<string> {
  const icon = await readFile(join(import.meta.dirname, 'src/icon.svg'));
  const path = `assets/icon-${createHash('sha256').update(icon).digest('hex').slice(0, 8)}.svg`;
  await writeFile(join(outDir, path), icon);
  return path;
}

/** Path of the output that an entry became. */
function entry(outputs: Metafile['outputs'], name: string): string {
  const found = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint?.endsWith(`/${name}`));
  if (!found) throw new Error(`${name} was not built`);
  return found[0];
}

/** Paths that a script cannot run without; what it imports on demand is not among them. */
function staticImports(outputs: Metafile['outputs'], path: string): string[] {
  const direct = (outputs[path]?.imports ?? []).filter(({ kind }) => kind === 'import-statement');
  return [...new Set(direct.flatMap((found) => [found.path, ...staticImports(outputs, found.path)]))];
}

/** Fills in the addresses of the assets. Throws when the page wants one that there is not. */
function fill(template: string, files: Readonly<Record<string, string>>, chunks: readonly string[]): string {
  const preloads = chunks.map((path) => `<link rel="modulepreload" href="/${path}">`).join('\n    ');
  return template.replace('<!-- chunks -->', preloads).replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const path = files[name];
    if (path === undefined) throw new Error(`index.html wants "${name}", which was not built`);
    return `/${path}`;
  });
}
