import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { CloudModel, FunctionSpec } from './template/model.ts';

/** What a newer cloud assembly changes in a running runtime. */
export interface Deployment {
  /** Functions whose code or configuration differs, and new ones. */
  readonly functions: readonly string[];
  /** The page, or how the front door treats it. */
  readonly site: boolean;
  /** Parts of the model that a running runtime does not change, such as `tables`: they take a restart. */
  readonly restart: readonly string[];
}

const inPlace = ['functions', 'buckets', 'distributions', 'ignored'];

/** Compares two readings of a cloud assembly, as CloudFormation compares templates. */
export function compareModels(before: CloudModel, after: CloudModel): Deployment {
  const old = new Map(before.functions.map((spec) => [spec.name, spec]));
  const changed = after.functions.filter(
    (spec) => !isDeepStrictEqual(comparable(spec), comparable(old.get(spec.name))),
  );
  const kinds = Object.keys(after) as (keyof CloudModel)[];
  return {
    functions: changed.map(({ name }) => name),
    site: !isDeepStrictEqual(siteOf(before), siteOf(after)),
    restart: kinds.filter((kind) => !inPlace.includes(kind) && !isDeepStrictEqual(before[kind], after[kind])),
  };
}

/** Assets are named by their content, and lie in a folder of their assembly: the name tells whether they differ. */
function comparable(spec: FunctionSpec | undefined): unknown {
  return spec && { ...spec, codeDir: basename(spec.codeDir) };
}

function siteOf({ buckets, distributions }: CloudModel): unknown {
  const named = buckets.map((bucket) => ({
    ...bucket,
    sources: bucket.sources.map((source) => ({ ...source, dir: basename(source.dir) })),
  }));
  return { named, distributions };
}
