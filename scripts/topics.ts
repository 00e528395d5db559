import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { consumerGroups, topics } from '../lib/names.ts';
import { Cluster } from '../local/kafka/wire/cluster.ts';
import { runCommandLine } from './command-line.ts';
import { findBrokers } from './kafka/brokers.ts';
import { TopicReader } from './kafka/topic-reader.ts';
import { type Command, readCommand, usage } from './topics/command.ts';
import { overviewOf } from './topics/overview.ts';
import { latest, since } from './topics/records.ts';
import { jsonLine, textLine } from './topics/view.ts';

const followEveryMs = 500;

/** Who reads which topic. */
const readers = [
  { topic: topics.requests, group: consumerGroups.supervisor },
  { topic: topics.responses, group: consumerGroups.responder },
  { topic: topics.requestsDeadLetters },
  { topic: topics.responsesDeadLetters },
];

/** A look into Kafka: what is in the topics, and how far their consumers are. */
async function look(command: Command): Promise<void> {
  const { addresses, security } = findBrokers(process.env, join(import.meta.dirname, '..'));
  const cluster = new Cluster(addresses, { timeoutMs: 10_000, security });
  const reader = new TopicReader(cluster);
  try {
    if (command.topic === undefined) console.log(await overviewOf(reader, readers));
    else await records(reader, command.topic, command);
  } finally {
    cluster.close();
  }
}

async function records(reader: TopicReader, topic: string, command: Command): Promise<void> {
  const line = command.json ? jsonLine : textLine;
  let seen = await reader.ranges(topic);
  for (const placed of await latest(reader, topic, seen, command)) console.log(line(topic, placed));
  while (command.follow) {
    await delay(followEveryMs);
    const now = await reader.ranges(topic);
    for (const placed of await since(reader, topic, seen, now, command)) console.log(line(topic, placed));
    seen = now;
  }
}

await runCommandLine({ usage, read: readCommand, run: look });
