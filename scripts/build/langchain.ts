import { hollow, instead, patch } from './patch.ts';

/**
 * The map by which LangChain finds a class by its name when it reads a serialized object back: it keeps the whole of
 * @langchain/core, test doubles and document loaders included. Checkpoints of ours hold ids and outcomes; messages stay
 * readable for graphs to come.
 */
const importMap = patch({
  name: 'langchain-import-map',
  file: /@langchain[/\\]core[/\\]dist[/\\]load[/\\]import_map\.js$/,
  change: instead(
    'messages: () => messages_exports',
    `import { messages_exports } from "../messages/index.js";
import { tool_exports } from "../messages/tool.js";
export const import_map_exports = { messages: messages_exports, messages__tool: tool_exports };`,
  ),
});

/**
 * LangSmith's client, which sends traces to that service: 130 KiB and 10 ms of import for something that no setting of
 * ours turns on. Turned on by its own variables, it says once that it is not there.
 */
const langsmithClient = patch({
  name: 'langsmith-client',
  file: /langsmith[/\\]lib[/\\]client\.mjs$/,
  change: instead(
    'export class Client',
    `export class Client {
  constructor() { process.emitWarning('LangSmith is not in this bundle: no traces are sent.'); }
  async createRun() {}
  async updateRun() {}
  async awaitPendingTraceBatches() {}
}`,
  ),
});

/** The generated client of LangSmith's API beside it, with all its resources: 60 KiB. */
const langsmithApi = patch({ name: 'langsmith-api', file: /langsmith[/\\]client\.mjs$/, change: hollow });

/** `import { z }` keeps the whole of zod; as a namespace only what is used: 100 KiB and 15 ms. */
const zodNamespace = patch({
  name: 'langchain-zod-namespace',
  file: /@langchain[/\\](core[/\\]dist[/\\](runnables[/\\]base|tools[/\\]index|output_parsers[/\\]structured)|langgraph[/\\]dist[/\\](graph[/\\](graph|messages_annotation|zod[/\\]plugin)|state[/\\]prebuilt[/\\]messages))\.js$/,
  change(source, fail) {
    const named = /^import \{ z(?: as (z\$1))? \} from ("zod\/v[34]");$/gm;
    if (!named.test(source)) fail('an import of `z`');
    const whole = (_: string, as: string | undefined, from: string) => `import * as ${as ?? 'z'} from ${from};`;
    return source.replaceAll(named, whole);
  },
});

export const langchainPlugins = [importMap, langsmithClient, langsmithApi, zodNamespace];
