import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { listeningPorts } from './listening-ports.ts';
import { Cluster } from './wire/cluster.ts';

/** A running embedded broker; `stop` forgets everything it held. */
export interface EmbeddedBroker {
  readonly brokers: string;
  readonly incarnation: string;
  stop(): Promise<void>;
}

/** Serializes starts in this process, so that a new listening port belongs to the broker being started. */
let lastStart: Promise<unknown> = Promise.resolve();

/** Starts librdkafka's mock cluster with one broker on a free port of loopback: 40 ms, about 25 MB. */
export function startEmbeddedBroker(): Promise<EmbeddedBroker> {
  const start = lastStart.then(startNow);
  lastStart = start.catch(() => undefined);
  return start;
}

async function startNow(): Promise<EmbeddedBroker> {
  const before = await listeningPorts();
  const worker = new Worker(new URL('./mock-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 },
  });
  try {
    await new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve());
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the embedded broker ended while it started')));
    });
    worker.unref();
    const after = await listeningPorts();
    const brokers = await firstMockCluster([...after].filter((port) => !before.has(port)));
    return {
      brokers,
      incarnation: randomUUID(),
      stop: async () => {
        await worker.terminate();
      },
    };
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

/** Other parts of the process may have begun to listen meanwhile: only the mock cluster names itself so. */
async function firstMockCluster(ports: readonly number[]): Promise<string> {
  for (const port of ports) {
    const brokers = `127.0.0.1:${port}`;
    const cluster = new Cluster(brokers, { timeoutMs: 1000 });
    try {
      if ((await cluster.refresh([])).clusterId.startsWith(mockClusterPrefix)) return brokers;
    } catch {
      // Something else listens there.
    } finally {
      cluster.close();
    }
  }
  throw new Error('the embedded broker listens nowhere');
}

/** How librdkafka names the cluster; a real cluster's id is random. */
const mockClusterPrefix = 'mockCluster';

/** Whether a cluster is an embedded broker: its fetch does not wake when something is produced. */
export function isMockCluster(clusterId: string): boolean {
  return clusterId.startsWith(mockClusterPrefix);
}
