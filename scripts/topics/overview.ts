import type { TopicReader } from '../kafka/topic-reader.ts';
import { textTable } from '../text-table.ts';

/** A topic, and the consumer group that reads it. */
interface ReadTopic {
  readonly topic: string;
  readonly group?: string;
}

/** A table: what each topic holds, and how many records its consumer has still before it. */
export async function overviewOf(reader: TopicReader, topics: readonly ReadTopic[]): Promise<string> {
  const rows: string[][] = [];
  for (const { topic, group } of topics) {
    const ranges = await reader.ranges(topic);
    const held = [...ranges.values()].reduce((sum, { first, end }) => sum + end - first, 0);
    const row = [topic, String(ranges.size), String(held)];
    rows.push([...row, group ?? '-', group === undefined ? '-' : String(await lagOf(reader, topic, group))]);
  }
  return textTable(['topic', 'partitions', 'records', 'consumer group', 'lag'], rows);
}

async function lagOf(reader: TopicReader, topic: string, group: string): Promise<number> {
  const ranges = await reader.ranges(topic);
  const committed = await reader.committed(group, topic, [...ranges.keys()]);
  return [...ranges].reduce((sum, [partition, { first, end }]) => sum + end - (committed.get(partition) ?? first), 0);
}
