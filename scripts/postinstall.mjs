// Runs after `npm ci`, by whichever npm the machine has and by the Node 24 that `npm ci` has just brought.
//
// npm leaves out optional packages whose `engines` do not fit the Node that runs npm. The native binding of the embedded
// Kafka broker wants Node 24, so npm under Node 20 or 22 drops it without a word, whatever the lock file says. Here npm is
// run once more, under Node 24: it adds what is missing from the lock file's own versions and changes nothing else.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = join(dirname(dirname(fileURLToPath(import.meta.url))), 'node_modules');
const broker = join(modules, 'kafka-crab-js', 'package.json');

/** One binding per platform, of which npm installs the one that fits. */
function hasBinding() {
  const bindings = Object.keys(JSON.parse(readFileSync(broker, 'utf8')).optionalDependencies ?? {});
  return bindings.some((name) => existsSync(join(modules, name)));
}

function addBinding() {
  const npm = process.env.npm_execpath;
  if (!npm) return 'npm did not say where it is (npm_execpath)';
  if (Number.parseInt(process.versions.node, 10) < 24) return `Node 24 is not in place (this is ${process.version})`;
  const run = spawnSync(
    process.execPath,
    [npm, 'install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: dirname(modules), encoding: 'utf8' },
  );
  if (run.status !== 0) return `npm ended with ${run.status ?? run.signal}: ${run.stderr.trim()}`;
  return hasBinding() ? undefined : `there is none for ${process.platform} on ${process.arch}`;
}

// With `--omit=dev` there is no embedded broker, and nothing to complete.
if (existsSync(broker) && !hasBinding()) {
  const problem = addBinding();
  if (problem) {
    console.warn(
      `The embedded Kafka broker has no native binding: ${problem}.\n` +
        'Everything else works; set KAFKA_BROKERS to a Kafka of your own.',
    );
  }
}
