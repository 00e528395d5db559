import { textOf } from '../kafka/read.ts';
import type { PlacedRecord } from '../kafka/topic-reader.ts';

const longest = 2_000;

/** One record for people: when it was written, its place, its key, and its value up to 2,000 characters. */
export function textLine(_topic: string, { partition, record }: PlacedRecord): string {
  const value = (textOf(record.value) ?? 'null').replaceAll('\n', '\\n');
  const shown =
    value.length > longest ? `${value.slice(0, longest)}… (${value.length} characters; whole with --json)` : value;
  const time = new Date(record.timestamp).toISOString();
  return `${time}  ${partition}:${record.offset}  ${textOf(record.key) ?? '-'}  ${shown}`;
}

/** One record whole, as a line of JSON. */
export function jsonLine(topic: string, { partition, record }: PlacedRecord): string {
  const { offset, timestamp, key, value, headers } = record;
  return JSON.stringify({
    topic,
    partition,
    offset: Number(offset),
    time: new Date(timestamp).toISOString(),
    key: textOf(key),
    headers: Object.fromEntries(headers.map((header) => [header.key, textOf(header.value)])),
    value: textOf(value),
  });
}
