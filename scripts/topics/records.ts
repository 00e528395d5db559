import type { PlacedRecord, Range, TopicReader } from '../kafka/topic-reader.ts';

/** Which records are wanted: the last so many, with one key or any. */
interface Wanted {
  readonly last: number;
  readonly session: string | undefined;
}

/** The latest records of a topic, oldest first. Without a key to look for, no more is read than is shown of each partition. */
export async function latest(
  reader: TopicReader,
  topic: string,
  ranges: ReadonlyMap<number, Range>,
  { last, session }: Wanted,
): Promise<PlacedRecord[]> {
  const near = new Map(
    [...ranges].map(([partition, { first, end }]) => [
      partition,
      { first: session === undefined ? Math.max(first, end - last) : first, end },
    ]),
  );
  const found = await chosen(reader, topic, near, session);
  return last === 0 ? [] : found.slice(-last);
}

/** What came between two looks, oldest first. */
export function since(
  reader: TopicReader,
  topic: string,
  before: ReadonlyMap<number, Range>,
  now: ReadonlyMap<number, Range>,
  { session }: Pick<Wanted, 'session'>,
): Promise<PlacedRecord[]> {
  const fresh = [...now].map(
    ([partition, { end }]) => [partition, { first: before.get(partition)?.end ?? 0, end }] as const,
  );
  return chosen(reader, topic, new Map(fresh), session);
}

async function chosen(
  reader: TopicReader,
  topic: string,
  ranges: ReadonlyMap<number, Range>,
  session: string | undefined,
): Promise<PlacedRecord[]> {
  const found: PlacedRecord[] = [];
  for await (const placed of reader.records(topic, ranges)) {
    if (session === undefined || placed.record.key?.toString('utf8') === session) found.push(placed);
  }
  return found.sort((a, b) => a.record.timestamp - b.record.timestamp);
}
