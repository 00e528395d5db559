import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { StartupError } from '../startup-error.ts';
import type { TopicSpec } from '../template/model.ts';
import { isMockCluster } from './embedded-broker.ts';
import { createProducer } from './producer.ts';
import type { Kafka } from './start.ts';
import { Cluster } from './wire/cluster.ts';
import { KafkaError } from './wire/kafka-error.ts';
import { createTopics } from './wire/requests/create-topics.ts';
import type { ClusterMetadata } from './wire/requests/metadata.ts';
import { topicIds } from './wire/requests/topic-ids.ts';

/** How long a new topic may take to have leaders for all its partitions. */
const topicPatienceMs = 10_000;

/** A real Kafka: verified to answer, missing topics created as the template describes them. */
export async function connectExternal(
  brokers: string,
  topics: readonly TopicSpec[],
  log: Log,
  timeoutMs: number,
): Promise<Kafka> {
  let cluster: Cluster | undefined;
  try {
    cluster = new Cluster(brokers, { timeoutMs });
    const { clusterId } = await cluster.refresh([]);
    await createMissing(cluster, topics, log);
    const incarnation = await incarnationOf(cluster, clusterId, topics);
    const open = cluster;
    return { brokers, incarnation, produce: createProducer(open), stop: async () => open.close() };
  } catch (error) {
    cluster?.close();
    if (!(error instanceof KafkaError)) throw error;
    throw new StartupError('KAFKA_BROKERS', `KAFKA_BROKERS=${brokers} cannot be used: ${error.message}`, {
      cause: error,
    });
  }
}

async function createMissing(cluster: Cluster, topics: readonly TopicSpec[], log: Log): Promise<void> {
  const names = topics.map(({ name }) => name);
  const known = ready(await cluster.refresh(names));
  const missing = topics.filter(({ name }) => !known.has(name));
  if (missing.length === 0) return;

  // One broker cannot hold the three replicas that the template asks MSK for.
  const brokerCount = (await cluster.refresh([])).brokers.length;
  const fitted = missing.map((topic) => ({
    ...topic,
    replicationFactor: Math.min(topic.replicationFactor, brokerCount),
    configs: fitConfigs(topic.configs, brokerCount),
  }));
  for (const { name, errorCode, message } of await cluster.toController(createTopics(fitted, 5000))) {
    const alreadyThere = errorCode === 36;
    if (errorCode !== 0 && !alreadyThere) {
      const { code } = KafkaError.fromCode(errorCode, name);
      throw new KafkaError(code, `topic ${name} cannot be created: ${message ?? code}`, { retryable: false });
    }
  }
  for (const deadline = Date.now() + topicPatienceMs; ; await sleep(50)) {
    const now = ready(await cluster.refresh(names));
    const waiting = names.filter((name) => !now.has(name));
    if (waiting.length === 0) break;
    if (Date.now() > deadline) {
      throw new KafkaError('LEADER_NOT_AVAILABLE', `no leaders yet for ${waiting.join(', ')}`, { retryable: true });
    }
  }
  log.info(`created ${missing.map(({ name, partitions }) => `${name} (${partitions} partitions)`).join(', ')}`);
}

function fitConfigs(configs: Readonly<Record<string, string>>, brokerCount: number): Record<string, string> {
  const fitted = { ...configs };
  const minimum = fitted['min.insync.replicas'];
  if (minimum !== undefined) fitted['min.insync.replicas'] = String(Math.min(Number(minimum), brokerCount));
  return fitted;
}

function ready({ topics }: ClusterMetadata): ReadonlySet<string> {
  const whole = topics.filter(({ errorCode, leaders }) => errorCode === 0 && leaders.every((leader) => leader >= 0));
  return new Set(whole.map(({ name }) => name));
}

/**
 * The cluster's id and the ids of the topics, as a UUID: the same after a restart of Kafka, another when a topic was
 * deleted and created anew. Brokers before 2.8 have no topic ids; there the cluster's id has to do.
 */
async function incarnationOf(cluster: Cluster, clusterId: string, topics: readonly TopicSpec[]): Promise<string> {
  const names = topics.map(({ name }) => name);
  const ids = isMockCluster(clusterId)
    ? new Map<string, string>()
    : await cluster.toController(topicIds(names)).catch(() => new Map<string, string>());
  const whole = [clusterId, ...names.map((name) => `${name}=${ids.get(name) ?? ''}`)].join('\n');
  const hex = createHash('sha256').update(whole).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
