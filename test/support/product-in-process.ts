import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../local/log.ts';
import { prepare } from '../../local/prepare.ts';
import { createRuntime, type Runtime } from '../../local/runtime.ts';
import { type ModelStub, startModelStub } from './model-stub.ts';
import { realParts } from './real-parts.ts';

const root = join(import.meta.dirname, '..', '..');

/** The product in this process, for tests that look at what it does inside. */
export interface ProductInProcess {
  readonly runtime: Runtime;
  readonly model: ModelStub;
  /** What the platform says of each invocation, with the function's name: `switchboard-dev-supervisor REPORT …`. */
  readonly reports: string[];
  /** What the functions log. */
  readonly lines: string[];
  /** Name of a function as the template has it. */
  nameOf(component: string): string;
  stop(): Promise<void>;
}

export async function startProductInProcess(): Promise<ProductInProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'switchboard-inside-'));
  const model = await startModelStub();
  const reports: string[] = [];
  const lines: string[] = [];
  const runtime = await createRuntime({
    assemblyDir: await prepare({ root, progress: () => undefined }),
    dataDir,
    compileCacheDir: join(root, '.cache', 'node'),
    openAiApiKey: 'test',
    openAiBaseUrl: model.env.OPENAI_BASE_URL,
    environment: { OPENAI_MODEL: 'stub' },
    kafkaBrokers: realParts?.kafkaBrokers,
    dynamodbEndpoint: realParts?.dynamodbEndpoint,
    log: keeping(reports, lines),
  });
  return {
    runtime,
    model,
    reports,
    lines,
    nameOf(component) {
      const spec = runtime.model.functions.find(({ name }) => name.endsWith(`-${component}`));
      if (!spec) throw new Error(`The template has no ${component}.`);
      return spec.name;
    },
    async stop() {
      await runtime.stop();
      await model.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Keeps the lines with which the platform ends an invocation, and those of the functions. */
function keeping(reports: string[], lines: string[], component = ''): Log {
  const quiet = () => undefined;
  return {
    debug: (text) => {
      if (text.startsWith('REPORT ')) reports.push(`${component} ${text}`);
    },
    info: quiet,
    warn: quiet,
    error: quiet,
    line: (text) => void lines.push(text),
    for: (name) => keeping(reports, lines, name),
  };
}
