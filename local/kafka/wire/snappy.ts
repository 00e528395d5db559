const javaMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);

/** Snappy, bare (librdkafka) or in the block framing of the Java client. */
export function unSnappy(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, 8).equals(javaMagic)) return unSnappyBlock(bytes);
  const blocks: Buffer[] = [];
  for (let at = 16; at < bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    blocks.push(unSnappyBlock(bytes.subarray(at + 4, at + 4 + size)));
    at += 4 + size;
  }
  return Buffer.concat(blocks);
}

/** https://github.com/google/snappy/blob/main/format_description.txt */
function unSnappyBlock(bytes: Buffer): Buffer {
  let at = 0;
  const byte = () => {
    const value = bytes.readUInt8(at);
    at += 1;
    return value;
  };
  const little = (width: number) => {
    const value = bytes.readUIntLE(at, width);
    at += width;
    return value;
  };
  let size = 0;
  for (let scale = 1; ; scale *= 128) {
    const part = byte();
    size += (part & 127) * scale;
    if (part < 128) break;
  }
  const out = Buffer.alloc(size);
  let to = 0;
  while (at < bytes.length) {
    const tag = byte();
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const length = (short < 60 ? short : little(short - 59)) + 1;
      to += bytes.copy(out, to, at, at + length);
      at += length;
      continue;
    }
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const distance = kind === 1 ? (tag >> 5) * 256 + byte() : little(kind === 2 ? 2 : 4);
    to = copyWithin(out, to, distance, length);
  }
  return out;
}

/** Repeats what stands `distance` bytes back; source and target may overlap, which is how runs are written. */
export function copyWithin(out: Buffer, to: number, distance: number, length: number): number {
  if (distance <= 0 || distance > to) throw new RangeError('a compressed block refers to bytes before its start');
  if (distance >= length) return to + out.copy(out, to, to - distance, to - distance + length);
  for (let i = 0; i < length; i += 1) out[to + i] = out[to + i - distance] ?? 0;
  return to + length;
}
