import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Who may import from whom, by the beginning of the path; what is not listed may import only its own folder. */
const rules: readonly (readonly [folder: string, may: readonly string[]])[] = [
  ['lambdas/shared/contracts', []],
  ['lambdas/shared/domain', ['lambdas/shared/contracts']],
  ['lambdas/shared/platform', ['lambdas/shared/contracts', 'lambdas/shared/domain']],
  ['lambdas/shared/adapters', ['lambdas/shared/contracts', 'lambdas/shared/domain', 'lambdas/shared/platform']],
  ['lambdas/shared/', ['lambdas/shared/']],
  ['lambdas/', ['lambdas/shared/']],
  ['lib', []],
  ['bin', ['lib']],
  ['local', []],
  ['frontend', ['lambdas/shared/contracts']],
];

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g)].map(([, path]) =>
    normalize(join(dirname(file), path ?? '')),
  );
}

function allowed(file: string, target: string): boolean {
  const rule = rules.find(([folder]) => file.startsWith(folder));
  if (!rule) return true;
  const [folder, may] = rule;
  const own = folder === 'lambdas/' ? file.split('/').slice(0, 2).join('/') : folder;
  return [own, ...may].some((prefix) => target.startsWith(prefix));
}

describe('imports', () => {
  const files = globSync('{lambdas,lib,bin,local,frontend}/**/*.{ts,tsx}');

  it('are read from all the source there is', () => {
    expect(files.length).toBeGreaterThan(50);
  });

  it('point one way: contracts, domain, adapters, functions; lib and local know no function', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => !allowed(file, target))
        .map((target) => `${file} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('leave the domain free of packages: it knows Node and nothing else', () => {
    const domain = files.filter((file) => file.startsWith('lambdas/shared/domain'));
    const packages = domain.filter((file) => /from '(?!\.|node:)/.test(readFileSync(file, 'utf8')));
    expect(packages).toEqual([]);
  });
});
