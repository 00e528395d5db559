import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { KafkaError } from './kafka-error.ts';
import { unLz4Frame } from './lz4.ts';
import { unSnappy } from './snappy.ts';

/** The plain bytes of a batch's records; `codec` is what the batch's attributes say: none, gzip, snappy, lz4, zstd. */
export function decompress(codec: number, bytes: Buffer): Buffer {
  switch (codec) {
    case 0:
      return bytes;
    case 1:
      return gunzipSync(bytes);
    case 2:
      return unSnappy(bytes);
    case 3:
      return unLz4Frame(bytes);
    case 4:
      return zstdDecompressSync(bytes);
    default:
      throw new KafkaError('UNSUPPORTED_COMPRESSION', `compression codec ${codec} is unknown`, { retryable: false });
  }
}
