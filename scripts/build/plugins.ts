import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** A change to one file of a package, made while bundling. */
interface Patch {
  readonly name: string;
  /** Matches the path of the one file to change. */
  readonly file: RegExp;
  /** Text that must be there; when an upgrade removes it the build fails, so that a fix is never lost silently. */
  readonly target: string;
  /** What stands in its place; with `whole`, in the place of the file. */
  readonly replacement: string;
  readonly whole?: boolean;
}

/** Applies a patch, and fails the build when its file is bundled without the target text. */
function patch({ name, file, target, replacement, whole }: Patch): Plugin {
  return {
    name,
    setup(build) {
      build.onLoad({ filter: file }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        if (!source.includes(target)) {
          return { errors: [{ text: `${name}: ${path} no longer holds the text to mend; look at the new version` }] };
        }
        return { contents: whole ? replacement : source.replace(target, replacement), loader: 'js' };
      });
    },
  };
}

/**
 * kafkajs 2.2.4 re-arms a 1 ms timer for as long as a connection is open: 60-70 ms of CPU a second per idle broker
 * connection, and Node 24's TimeoutNegativeWarning. With nothing pending and no throttle there is nothing to check.
 */
const kafkajsIdleTimer = patch({
  name: 'kafkajs-idle-timer',
  file: /kafkajs[/\\]src[/\\]network[/\\]requestQueue[/\\]index\.js$/,
  target: 'let scheduleAt = this.throttledUntil - Date.now()',
  replacement:
    'let scheduleAt = this.throttledUntil - Date.now()\n    if (scheduleAt <= 0 && this.pending.length === 0) return',
});

/** zod carries 40 languages of error texts, 250 KiB in a bundle; ours are answered by code. */
const zodLocales = patch({
  name: 'zod-locales',
  file: /zod[/\\]v4[/\\]locales[/\\]index\.js$/,
  target: 'export { default as en } from "./en.js"',
  replacement: 'export { default as en } from "./en.js";',
  whole: true,
});

/** Lambda hands credentials over in the environment; the chain of other providers is 120 KiB and 10 ms of import. */
const environmentCredentials = patch({
  name: 'environment-credentials',
  file: /credential-provider-node[/\\]dist-es[/\\]index\.js$/,
  target: 'defaultProvider',
  replacement: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
  whole: true,
});

/** In the order in which they are applied. */
export const plugins: readonly Plugin[] = [kafkajsIdleTimer, zodLocales, environmentCredentials];
