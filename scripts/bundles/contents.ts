import type { Metafile } from 'esbuild';

/** A package in a bundle, and the bytes it has there. `own` is this repository. */
export interface Share {
  readonly name: string;
  readonly bytes: number;
}

export interface Bundle {
  readonly name: string;
  readonly bytes: number;
  /** Largest first. */
  readonly shares: readonly Share[];
}

/** What is in each bundle, by package, as esbuild's metafile has it. */
export function bundlesOf(metafile: Metafile): Bundle[] {
  return Object.entries(metafile.outputs).map(([path, { bytes, inputs }]) => {
    const shares = new Map<string, number>();
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const name = packageOf(file);
      shares.set(name, (shares.get(name) ?? 0) + bytesInOutput);
    }
    const sorted = [...shares].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes);
    return { name: path.split('/').at(-2) ?? path, bytes, shares: sorted };
  });
}

function packageOf(file: string): string {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? 'own';
}
