import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32c } from '../kafka/wire/crc32c.ts';

/*
 * LevelDB notices some damage only when it reads the place, and drops a damaged log without a word. Formats:
 * https://github.com/google/leveldb/tree/main/doc (log_format.md, table_format.md)
 */

const tableMagic = 0xdb4775248b80fb57n;
const logBlock = 32_768;
const logHeader = 7;

/** What is damaged in a LevelDB folder, in a few words; undefined when nothing is. A log cut short by a kill is not. */
export async function storeDamage(folder: string): Promise<string | undefined> {
  const files = await readdir(folder).catch(() => []);
  for (const file of files) {
    if (file.endsWith('.ldb') && !isTable(await readFile(join(folder, file)))) return `${file} is no table file`;
    if (file.endsWith('.log') && !isLog(await readFile(join(folder, file)))) return `${file} has a wrong checksum`;
  }
  return undefined;
}

function isTable(bytes: Buffer): boolean {
  return bytes.length >= 48 && bytes.readBigUInt64LE(bytes.length - 8) === tableMagic;
}

function isLog(bytes: Buffer): boolean {
  for (let at = 0; at + logHeader <= bytes.length; ) {
    const leftInBlock = logBlock - (at % logBlock);
    if (leftInBlock < logHeader) {
      at += leftInBlock;
      continue;
    }
    const length = bytes.readUInt16LE(at + 4);
    const end = at + logHeader + length;
    const kind = bytes.readUInt8(at + 6);
    if (kind < 1 || kind > 4) return false;
    if (end > bytes.length && length <= leftInBlock - logHeader) return true;
    const isWhole = end <= bytes.length && masked(crc32c(bytes.subarray(at + 6, end))) === bytes.readUInt32LE(at);
    if (!isWhole) return false;
    at = end;
  }
  return true;
}

/** LevelDB stores checksums rotated and shifted. */
function masked(crc: number): number {
  return ((((crc >>> 15) | (crc << 17)) >>> 0) + 0xa282ead8) >>> 0;
}
