import { copyWithin } from './snappy.ts';

const frameMagic = 0x184d2204;

/** An LZ4 frame; https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md. Checksums are Kafka's business. */
export function unLz4Frame(bytes: Buffer): Buffer {
  if (bytes.readUInt32LE(0) !== frameMagic) throw new RangeError('not an LZ4 frame');
  const flags = bytes.readUInt8(4);
  const hasContentSize = (flags & 8) !== 0;
  const hasBlockChecksum = (flags & 16) !== 0;
  const hasDictionary = (flags & 1) !== 0;
  const maxBlock = 1 << (8 + 2 * ((bytes.readUInt8(5) >> 4) & 7));
  let at = 7 + (hasContentSize ? 8 : 0) + (hasDictionary ? 4 : 0);
  let out = Buffer.alloc(Math.max(maxBlock, bytes.length * 4));
  let to = 0;
  for (;;) {
    const word = bytes.readUInt32LE(at);
    at += 4;
    if (word === 0) return out.subarray(0, to);
    const size = word & 0x7fffffff;
    const block = bytes.subarray(at, at + size);
    at += size + (hasBlockChecksum ? 4 : 0);
    if (out.length - to < maxBlock) out = Buffer.concat([out.subarray(0, to), Buffer.alloc(out.length + maxBlock)]);
    to = word >>> 31 === 1 ? to + block.copy(out, to) : unLz4Block(block, out, to);
  }
}

function unLz4Block(block: Buffer, out: Buffer, start: number): number {
  let at = 0;
  let to = start;
  const extended = (nibble: number) => {
    let length = nibble;
    if (nibble < 15) return length;
    for (;;) {
      const more = block.readUInt8(at);
      at += 1;
      length += more;
      if (more < 255) return length;
    }
  };
  while (at < block.length) {
    const token = block.readUInt8(at);
    at += 1;
    const literals = extended(token >> 4);
    to += block.copy(out, to, at, at + literals);
    at += literals;
    if (at >= block.length) break;
    const distance = block.readUInt16LE(at);
    at += 2;
    to = copyWithin(out, to, distance, extended(token & 15) + 4);
  }
  return to;
}
