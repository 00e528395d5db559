import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { expect, it } from 'vitest';
import { partitionOf } from '../../../local/kafka/wire/partitioner.ts';

it('puts a key where kafkajs, and with it every Java client, would put it', () => {
  const choose = Partitioners.DefaultPartitioner();
  const partitionMetadata = Array.from({ length: 7 }, (_, partitionId) => ({
    partitionId,
    partitionErrorCode: 0,
    leader: 1,
    replicas: [1],
    isr: [1],
  }));
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (bytes) => {
      const key = Buffer.from(bytes);
      expect(partitionOf(key, 7)).toBe(choose({ topic: 't', partitionMetadata, message: { key, value: null } }));
    }),
  );
});
