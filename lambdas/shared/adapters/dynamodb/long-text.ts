import { createHash } from 'node:crypto';
import type { Item, Table } from './table.ts';

/** Characters of one part. DynamoDB takes items of 400 KB; a character has at most 3 bytes of UTF-8 (a pair has 4). */
const partLength = 120_000;

/** Bytes up to which a text stays in its own item. */
const inlineBytes = 300_000;

/** Whose text it is: a partition, and the beginning of the sort keys of its parts. */
export interface TextPlace {
  readonly pk: string;
  readonly prefix: string;
}

/**
 * Stores a text that is too long for one item in parts, and gives the fields that stand for it in its item: the text
 * itself, or the number of parts and what they are known by. The parts come first, so that an item never points at what is
 * not there, and are known by their text, so that another text for the same place, which then does not get it, leaves them.
 */
export async function putText(table: Table, { pk, prefix }: TextPlace, field: string, text: string): Promise<Item> {
  if (text.length * 3 <= inlineBytes || Buffer.byteLength(text) <= inlineBytes) return { [field]: text };
  const parts = Array.from({ length: Math.ceil(text.length / partLength) }, (_, index) =>
    text.slice(index * partLength, (index + 1) * partLength),
  );
  const parts_of = createHash('sha256').update(text).digest('base64url').slice(0, 16);
  await Promise.all(
    parts.map(async (data, index) => table.put({ pk, sk: partKey(prefix, parts_of, index), data: bytesOf(data) })),
  );
  return { [field]: '', parts: parts.length, parts_of };
}

/** Bytes of memory that the parts of an item's text take; 0 for one that is in the item itself. */
export function longTextBytes({ parts }: Item): number {
  return typeof parts === 'number' ? parts * partLength * 2 : 0;
}

/** Gives back an item with its text whole. */
export async function withText(table: Table, { pk, prefix }: TextPlace, field: string, item: Item): Promise<Item> {
  const { parts, parts_of, ...rest } = item;
  if (typeof parts !== 'number') return item;
  const [from, to] = [0, parts - 1].map((index) => partKey(prefix, parts_of, index));
  const found = await table.query({ pk, ...(from && { from }), ...(to && { to }) });
  return { ...rest, [field]: found.map(({ data }) => textOf(data)).join('') };
}

/** Parts from before texts had a digest in their keys have none. */
function partKey(prefix: string, digest: unknown, index: number): string {
  const of = typeof digest === 'string' ? `${prefix}#${digest}` : prefix;
  return `P#${of}#${String(index).padStart(4, '0')}`;
}

/** A cut may go through a surrogate pair, which UTF-8 could not carry: parts are kept as UTF-16. */
function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le');
}

function textOf(data: unknown): string {
  return Buffer.from(data as Uint8Array).toString('utf16le');
}
