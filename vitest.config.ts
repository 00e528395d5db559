import { defineConfig } from 'vitest/config';

/**
 * Seconds a test of each kind may take before it counts as hung, several times what it needs. Where nothing changes what
 * the files share they are not isolated: importing the CDK or LangGraph anew for each is most of their time.
 */
const kinds = {
  unit: { seconds: 10, isolate: false },
  // LangGraph's suite for savers takes vitest's functions from the global scope.
  contract: { seconds: 20, globals: true, isolate: false },
  integration: { seconds: 30, built: true, isolate: false },
  infra: { seconds: 60, isolate: false },
  e2e: { seconds: 60, built: true, isolate: false },
  chaos: { seconds: 120, built: true },
  ui: { seconds: 60, built: true },
} as const;

/** The kinds of tests, one project each; `built` ones run what `npm run synth` makes, which is made first if stale. */
export default defineConfig({
  test: {
    projects: Object.entries(kinds).map(([name, kind]) => ({
      extends: true,
      test: {
        name,
        include: [`test/${name}/**/*.test.{ts,tsx}`],
        testTimeout: kind.seconds * 1000,
        hookTimeout: kind.seconds * 1000,
        globals: 'globals' in kind,
        isolate: !('isolate' in kind),
        globalSetup: ['test/support/temporary.ts', ...('built' in kind ? ['test/support/built.ts'] : [])],
      },
    })),
    // kafkajs asks for timers in the past; the bundles carry the mended copy, tests use the package as it is.
    execArgv: ['--disable-warning=TimeoutNegativeWarning'],
    // Files mostly wait for processes of their own; vitest's default on two cores is one at a time.
    maxWorkers: 3,
    passWithNoTests: false,
  },
});
