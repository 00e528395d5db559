import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** A change to files of a package, made while bundling. */
export interface Patch {
  readonly name: string;
  /** Matches the paths of the files to change. */
  readonly file: RegExp;
  /** Of those, the ones that stay as they are; esbuild's expressions have no lookahead. */
  readonly except?: RegExp;
  /** Gives the new source; `fail` says what was looked for and is not there. */
  readonly change: (source: string, fail: (what: string) => never) => string;
}

/**
 * Applies a patch, and fails the build when its file no longer has what was to be changed, or is bundled no more: an
 * upgrade of the package must not undo a fix, or what was measured, without anybody noticing.
 */
export function patch({ name, file, except, change }: Patch): Plugin {
  return {
    name,
    setup(build) {
      let applied = 0;
      build.onLoad({ filter: file }, async ({ path }) => {
        if (except?.test(path)) return undefined;
        applied += 1;
        try {
          const source = await readFile(path, 'utf8');
          const contents = change(source, (what) => {
            throw new Error(`${path} no longer holds ${what}; look at the new version`);
          });
          return { contents, loader: 'js' };
        } catch (error) {
          return { errors: [{ text: `${name}: ${(error as Error).message}` }] };
        }
      });
      build.onEnd(() => {
        const text = `${name}: no bundle has a file like ${file.source} any more; look at the new version`;
        return applied > 0 ? {} : { errors: [{ text }] };
      });
    },
  };
}

/** Replaces one text of a file. */
export function replaced(target: string, replacement: string): Patch['change'] {
  return (source, fail) => {
    if (!source.includes(target)) fail(`\`${target}\``);
    return source.replace(target, () => replacement);
  };
}

/** Puts other content in the place of a file that still has `target`. */
export function instead(target: string, content: string): Patch['change'] {
  return (source, fail) => {
    if (!source.includes(target)) fail(`\`${target}\``);
    return content;
  };
}

/** Keeps the names that an ES module exports, as empty classes: they can be constructed, and do nothing. */
export const hollow: Patch['change'] = (source, fail) => {
  const declared = [...source.matchAll(/^export (?:async )?(?:class|function\*?|const|let|var) (\w+)/gm)];
  const listed = [...source.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names = '']) => names.split(','));
  const names = new Set([
    ...declared.map(([, name = '']) => name),
    ...listed.map((name) => name.split(' as ').at(-1)?.trim() ?? '').filter((name) => name !== ''),
  ]);
  if (names.size === 0) fail('exports');
  return [...names].map((name) => `export class ${name} {}`).join('\n');
};
