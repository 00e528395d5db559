import type { Log } from '../log.ts';
import type { TopicSpec } from '../template/model.ts';
import { type EmbeddedBroker, startEmbeddedBroker } from './embedded-broker.ts';
import { createProducer, type Produce } from './producer.ts';
import type { EmbeddedKafka } from './start.ts';
import { Cluster } from './wire/cluster.ts';

/** Partitions of every topic of the mock cluster; librdkafka offers no setting for it. */
const mockPartitions = 4;

interface Running {
  readonly broker: EmbeddedBroker;
  readonly produce: Produce;
  stop(): Promise<void>;
}

/** The embedded broker with the template's topics. */
export async function startEmbedded(topics: readonly TopicSpec[], log: Log): Promise<EmbeddedKafka> {
  const names = topics.map(({ name }) => name);
  let running = await run(names);
  const different = topics.filter(({ partitions }) => partitions !== mockPartitions);
  if (different.length > 0) {
    const wanted = different.map(({ name, partitions }) => `${name}: ${partitions}`).join(', ');
    log.info(`the embedded broker has ${mockPartitions} partitions per topic (the template says ${wanted})`);
  }
  return {
    get brokers() {
      return running.broker.brokers;
    },
    get incarnation() {
      return running.broker.incarnation;
    },
    produce: (topic, records) => running.produce(topic, records),
    stop: () => running.stop(),
    restart: async () => {
      await running.stop();
      running = await run(names);
    },
  };
}

/** The mock cluster creates a topic when it is asked for the topic's metadata. */
async function run(topics: readonly string[]): Promise<Running> {
  const broker = await startEmbeddedBroker();
  const cluster = new Cluster(broker.brokers);
  const stop = async () => {
    cluster.close();
    await broker.stop();
  };
  try {
    const { topics: created } = await cluster.refresh(topics, true);
    const missing = topics.filter((name) => !created.some((topic) => topic.name === name && topic.errorCode === 0));
    if (missing.length > 0) throw new Error(`the embedded broker did not create ${missing.join(', ')}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { broker, produce: createProducer(cluster), stop };
}
