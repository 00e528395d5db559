import { describe, expect, it } from 'vitest';
import { createProducer } from '../../../local/kafka/producer.ts';
import type { Cluster } from '../../../local/kafka/wire/cluster.ts';
import type { Exchange } from '../../../local/kafka/wire/connection.ts';
import { WireWriter } from '../../../local/kafka/wire/writer.ts';
import { text } from '../../support/local-kafka.ts';

type Outcome = ReadonlyMap<number, { errorCode: number; baseOffset: number }>;

/** A broker that leads four partitions and answers each request with the error codes of the next entry. */
function brokerAnswering(...codes: Readonly<Record<number, number>>[]) {
  const sizes: number[] = [];
  const cluster = {
    leaders: () => new Map([[1, [0, 1, 2, 3]]]),
    refresh: async () => ({}),
    toBroker: async (_leader: number, { write }: Exchange<Outcome>): Promise<Outcome> => {
      const body = new WireWriter();
      write(body);
      const answer = Object.entries(codes[sizes.length] ?? {});
      sizes.push(body.length);
      return new Map(answer.map(([partition, errorCode]) => [Number(partition), { errorCode, baseOffset: 0 }]));
    },
  };
  return { cluster: cluster as unknown as Cluster, sizes };
}

const records = ['1', '2', '3', '4'].map((value) => text(null, value));

describe('a producer', () => {
  it('sends again only what was not acknowledged', async () => {
    const { cluster, sizes } = brokerAnswering({ 0: 0, 1: 6, 2: 0, 3: 0 }, { 1: 0 });
    await createProducer(cluster)('t', records);
    const [four = 0, one = 0] = sizes;
    expect(sizes).toHaveLength(2);
    expect(one).toBeLessThan(four / 3);
  });

  it('gives up at once on an error that stays', async () => {
    const { cluster, sizes } = brokerAnswering({ 0: 0, 1: 10, 2: 0, 3: 0 });
    await expect(createProducer(cluster)('t', records)).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE' });
    expect(sizes).toHaveLength(1);
  });

  it('gives up when its patience ends, and says why', async () => {
    const down = { 0: 6, 1: 6, 2: 6, 3: 6 };
    const { cluster } = brokerAnswering(...Array.from({ length: 20 }, () => down));
    await expect(createProducer(cluster, 100)('t', records)).rejects.toMatchObject({ code: 'NOT_LEADER_OR_FOLLOWER' });
  });
});
