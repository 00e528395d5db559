import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hollow, instead, patch, replaced } from '../../../scripts/build/patch.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-patch-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function bundle(source: string, plugin: Plugin): Promise<string> {
  await writeFile(join(folder, 'package.js'), source);
  await writeFile(join(folder, 'entry.js'), "export * from './package.js';");
  const entryPoints = [join(folder, 'entry.js')];
  const result = await build({
    entryPoints,
    bundle: true,
    format: 'esm',
    write: false,
    plugins: [plugin],
    logLevel: 'silent',
  });
  return result.outputFiles[0]?.text ?? '';
}

describe('a patch of a package', () => {
  it('changes the text it is for', async () => {
    const plugin = patch({ name: 'p', file: /package\.js$/, change: replaced('1 + 1', '3') });
    expect(await bundle('export const sum = 1 + 1;', plugin)).toContain('sum = 3');
  });

  it.each([
    ['a text', replaced('1 + 1', '3')],
    ['a whole file', instead('1 + 1', 'export const sum = 3;')],
    ['exports', hollow],
  ])('fails the build when %s to be changed is not there any more', async (_, change) => {
    const plugin = patch({ name: 'p', file: /package\.js$/, change });
    await expect(bundle('const nothing = 0;', plugin)).rejects.toThrow(/p: .*package\.js no longer holds/);
  });

  it('fails the build when its file is not bundled any more', async () => {
    const plugin = patch({ name: 'p', file: /renamed\.js$/, change: replaced('1', '2') });
    await expect(bundle('export const one = 1;', plugin)).rejects.toThrow(/no bundle has a file/);
  });

  it('leaves exceptions alone', async () => {
    const plugins = patch({ name: 'p', file: /\.js$/, except: /package\.js$/, change: (source) => `${source}//` });
    expect(await bundle('export const one = 1;', plugins)).toContain('one = 1');
  });

  it('keeps the names of a module that it hollows out', async () => {
    const source = 'export class A {}\nexport class B {}\nconst c = 1, d = 2;\nexport { c, d as e };';
    const plugin = patch({ name: 'p', file: /package\.js$/, change: hollow });
    const text = await bundle(source, plugin);
    expect(text).toMatch(/export \{\s*A,\s*B,\s*c,\s*e\s*\}/);
  });
});
