import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { freePort } from './free-port.ts';
import { startJavaServer } from './java-server.ts';
import { javaTool } from './java-tool.ts';
import { mavenClassPath } from './maven.ts';
import type { ServerProcess } from './server-process.ts';

export const kafkaVersion = '4.1.0';

/** A real Apache Kafka broker on loopback: KRaft, broker and controller in one process. */
export interface RealKafka {
  /** `host:port`, the same after a restart. */
  readonly brokers: string;
  readonly pid: number;
  /** Stops it and starts it again on the same data and the same port. */
  restart(how?: 'in good order' | 'by kill -9'): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

/** @throws {MissingPartError} without Java, or without Maven the first time */
export async function startRealKafka(cacheDir: string): Promise<RealKafka> {
  const classPath = await mavenClassPath(cacheDir, `kafka-${kafkaVersion}`, [
    `org.apache.kafka:kafka_2.13:${kafkaVersion}`,
    `org.apache.kafka:kafka-tools:${kafkaVersion}`,
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-kafka-'));
  const port = await freePort();
  const brokers = `127.0.0.1:${port}`;
  const properties = join(folder, 'server.properties');
  await mkdir(join(folder, 'data'));
  await writeFile(properties, serverProperties(join(folder, 'data'), port, await freePort()));
  await javaTool(classPath, 'kafka.tools.StorageTool', ['format', '-t', clusterId(), '-c', properties]);
  const start = () =>
    startJavaServer({
      name: `Kafka ${kafkaVersion}`,
      classPath,
      mainClass: 'kafka.Kafka',
      args: [properties],
      heapMb: 512,
      logFile: join(folder, 'kafka.log'),
      probe: () => askCluster(brokers),
    });
  let server: ServerProcess = await start();
  return {
    brokers,
    get pid() {
      return server.pid;
    },
    restart: async (how = 'in good order') => {
      await (how === 'by kill -9' ? server.kill() : server.stop());
      server = await start();
    },
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Kafka wants 16 bytes in URL-safe base64 that do not begin with a dash. */
function clusterId(): string {
  return randomBytes(16).toString('base64url').replace(/^-/, 'A').slice(0, 22);
}

/** A cluster serves when its one broker is registered and known as the controller's. */
async function askCluster(brokers: string): Promise<void> {
  const kafka = new Kafka({
    brokers: [brokers],
    connectionTimeout: 1000,
    requestTimeout: 2000,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    if (cluster.brokers.length === 0) throw new Error('no broker is registered yet');
  } finally {
    await admin.disconnect();
  }
}

/**
 * Quick on one machine: groups assemble at once (3 s otherwise), and a broker that was killed may register again after
 * 1 s (9 s otherwise).
 */
function serverProperties(dataDir: string, port: number, controllerPort: number): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${dataDir}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=3
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=1000
broker.heartbeat.interval.ms=200
`;
}
