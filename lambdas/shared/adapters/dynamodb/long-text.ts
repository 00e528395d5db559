import type { Item, Table } from './table.ts';

/** Characters of one part. DynamoDB takes items of 400 KB; a character has at most 3 bytes of UTF-8 (a pair has 4). */
const partLength = 120_000;

/** Bytes up to which a text stays in its own item. */
const inlineBytes = 300_000;

/** Where the parts of a text are: a partition, and the beginning of their sort keys, which no other text has. */
export interface TextPlace {
  readonly pk: string;
  readonly prefix: string;
}

/**
 * Stores a text that is too long for one item in parts, and gives the fields that stand for it in its item: the text
 * itself, or the number of parts. The parts come first, so that an item never points at what is not there.
 */
export async function putText(table: Table, { pk, prefix }: TextPlace, field: string, text: string): Promise<Item> {
  if (text.length * 3 <= inlineBytes || Buffer.byteLength(text) <= inlineBytes) return { [field]: text };
  const parts = Array.from({ length: Math.ceil(text.length / partLength) }, (_, index) =>
    text.slice(index * partLength, (index + 1) * partLength),
  );
  await Promise.all(
    parts.map(async (data, index) => table.put({ pk, sk: partKey(prefix, index), data: bytesOf(data) })),
  );
  return { [field]: '', parts: parts.length };
}

/** Bytes of memory that the parts of an item's text take; 0 for one that is in the item itself. */
export function longTextBytes({ parts }: Item): number {
  return typeof parts === 'number' ? parts * partLength * 2 : 0;
}

/** Gives back an item with its text whole. */
export async function withText(table: Table, { pk, prefix }: TextPlace, field: string, item: Item): Promise<Item> {
  const { parts, ...rest } = item;
  if (typeof parts !== 'number') return item;
  const found = await table.query({ pk, from: partKey(prefix, 0), to: partKey(prefix, parts - 1) });
  return { ...rest, [field]: found.map(({ data }) => textOf(data)).join('') };
}

function partKey(prefix: string, index: number): string {
  return `P#${prefix}#${String(index).padStart(4, '0')}`;
}

/** A cut may go through a surrogate pair, which UTF-8 could not carry: parts are kept as UTF-16. */
function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le');
}

function textOf(data: unknown): string {
  return Buffer.from(data as Uint8Array).toString('utf16le');
}
