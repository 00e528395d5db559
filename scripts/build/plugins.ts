import type { Plugin } from 'esbuild';
import { awsSdkPlugins } from './aws-sdk.ts';
import { kafkajsPlugins } from './kafkajs.ts';
import { langchainPlugins } from './langchain.ts';
import { openaiPlugins } from './openai.ts';
import { instead, patch } from './patch.ts';

/** zod carries 40 languages of error texts, 250 KiB in a bundle; ours are answered by code. */
const zodLocales = patch({
  name: 'zod-locales',
  file: /zod[/\\]v4[/\\]locales[/\\]index\.js$/,
  change: instead('export { default as en } from "./en.js"', 'export { default as en } from "./en.js";'),
});

/** What is mended in packages, and what is left out of bundles; `npm run bundles` shows what is in them. */
export const plugins: readonly Plugin[] = [
  ...kafkajsPlugins,
  zodLocales,
  ...awsSdkPlugins,
  ...langchainPlugins,
  ...openaiPlugins,
];
