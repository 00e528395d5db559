import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decompress } from '../../../local/kafka/wire/compression.ts';

const plain = Buffer.from('to be or not to be, '.repeat(20));

describe('compressed records', () => {
  it('are read when a producer uses gzip or zstd', () => {
    expect(decompress(1, gzipSync(plain))).toEqual(plain);
    expect(decompress(4, zstdCompressSync(plain))).toEqual(plain);
  });

  it('are read when the Java client frames snappy in blocks', () => {
    const literal = Buffer.concat([Buffer.from([5, 4 << 2]), Buffer.from('hello')]);
    const block = Buffer.concat([Buffer.from([0, 0, 0, literal.length]), literal]);
    const magic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(decompress(2, Buffer.concat([magic, block, block])).toString()).toBe('hellohello');
  });

  it('are refused, not misread, when they point before their start', () => {
    expect(() => decompress(2, Buffer.from([8, 0x15, 0x09, 0x00]))).toThrow(RangeError);
  });

  it('are refused when the codec is unknown', () => {
    expect(() => decompress(7, plain)).toThrow(/codec 7/);
  });
});
