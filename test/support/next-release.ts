import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import type { FunctionSpec } from '../../local/template/model.ts';
import { buildLambdas } from '../../scripts/build/lambdas.ts';

const root = join(import.meta.dirname, '..', '..');

/** The `schema` header of the next release's records, by which a test tells who wrote one. */
export const nextSchema = '2';

/**
 * What the rules of docs/operations.md allow from one release to the next, all of it at once: fields are added to every
 * record, item, call and reply, and the supervisor's graph gains a channel and a node.
 */
const changes: Readonly<Record<string, readonly (readonly [from: string, to: string])[]>> = {
  'shared/contracts/records.ts': [["schemaVersion = '1'", `schemaVersion = '${nextSchema}'`]],
  'shared/adapters/kafka/topics.ts': [
    ['JSON.stringify(request)', 'JSON.stringify({ ...request, release: 2 })'],
    ['JSON.stringify(response)', 'JSON.stringify({ ...response, release: 2 })'],
  ],
  'shared/adapters/lambda/functions.ts': [
    ['JSON.stringify(payload)', 'JSON.stringify({ ...(payload as object), release: 2 })'],
  ],
  'shared/adapters/dynamodb/table.ts': [['marshall(item, options)', 'marshall({ ...item, release: 2 }, options)']],
  'shared/domain/advance.ts': [['const run: Run = {', 'const run: Run & { release: number } = { release: 2,']],
  'conversation/converse.ts': [['const identity = {', 'const identity = { release: 2,']],
  'supervisor/state.ts': [['agent: Annotation', 'reviewed: Annotation<string | undefined>, agent: Annotation']],
  'supervisor/nodes/receive-request.ts': [["agent: 'conversation'", "agent: 'conversation', reviewed: 'not yet'"]],
  'supervisor/graph.ts': [
    [".addNode('handle_error'", ".addNode('review', () => ({ reviewed: 'yes' })).addNode('handle_error'"],
    [".addEdge('handle_response', END)", ".addEdge('handle_response', 'review').addEdge('review', END)"],
  ],
};

/** Makes the changes while bundling, and fails when a source no longer has the text that one of them replaces. */
const asNextRelease: Plugin = {
  name: 'next-release',
  setup(build) {
    for (const [file, edits] of Object.entries(changes)) {
      const path = join(root, 'lambdas', file);
      build.onLoad({ filter: new RegExp(`${file.replaceAll('.', '\\.')}$`) }, async () => {
        let contents = await readFile(path, 'utf8');
        for (const [from, to] of edits) {
          if (!contents.includes(from))
            return { errors: [{ text: `${file} has no ${from}: say what the next release changes there` }] };
          contents = contents.replace(from, to);
        }
        return { contents, loader: 'ts' };
      });
    }
  },
};

export interface NextRelease {
  /** The function as the next release deploys it. */
  of(spec: FunctionSpec): FunctionSpec;
  remove(): Promise<void>;
}

/** Bundles the next release into a temporary folder; takes about a second. */
export async function buildNextRelease(stage = 'dev'): Promise<NextRelease> {
  const folder = await mkdtemp(join(tmpdir(), 'next-release-'));
  await buildLambdas(root, folder, [asNextRelease]);
  return {
    of: (spec) => ({ ...spec, codeDir: join(folder, spec.name.replace(`switchboard-${stage}-`, '')) }),
    remove: async () => rm(folder, { recursive: true, force: true }),
  };
}
