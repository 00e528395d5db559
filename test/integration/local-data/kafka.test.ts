import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { KafkaClient } from 'kafka-crab-js';
import { beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedKafka, startKafka } from '../../../local/kafka/start.ts';
import { Cluster } from '../../../local/kafka/wire/cluster.ts';
import { fetch } from '../../../local/kafka/wire/requests/fetch.ts';
import { keptLog, text, topic } from '../../support/local-kafka.ts';

const { log, lines } = keptLog();

/** librdkafka: what kcat and most clients in other languages are made of. */
const librdkafka = (brokers: string, configuration: Record<string, string> = {}) =>
  new KafkaClient({ brokers, clientId: 'outsider', logLevel: 'off', configuration });

/** All records of a topic by partition, by this runtime's own client. */
async function stored(brokers: string, name: string) {
  const cluster = new Cluster(brokers);
  const limits = { maxWaitMs: 0, maxBytes: 1e7, partitionMaxBytes: 1e7 };
  const records = [];
  try {
    const { brokers: all } = await cluster.refresh([name]);
    for (const partition of [0, 1, 2, 3]) {
      for (let offset = 0, from = -1; from < offset; ) {
        from = offset;
        const [fetched] = await cluster.toBroker(all[0]?.id ?? 0, fetch(name, [{ partition, offset }], limits));
        for (const record of fetched?.records ?? []) records.push({ ...record, partition });
        offset = fetched?.nextOffset ?? offset;
      }
    }
    return records;
  } finally {
    cluster.close();
  }
}

describe('the embedded Kafka', () => {
  let kafka: EmbeddedKafka;

  beforeAll(async () => {
    const names = ['requests', 'large', 'read', 'gzip', 'snappy', 'lz4'];
    kafka = await startKafka({ topics: [...names.map((name) => topic(name)), topic('wide', { partitions: 12 })], log });
    return () => kafka.stop();
  });

  it('has all topics when it is ready', async () => {
    const cluster = new Cluster(kafka.brokers);
    const { topics } = await cluster.refresh(null);
    cluster.close();
    expect(topics.map(({ name }) => name)).toEqual(expect.arrayContaining(['requests', 'large', 'wide']));
    expect(topics.every(({ leaders }) => leaders.length === 4 && leaders.every((leader) => leader >= 0))).toBe(true);
  });

  it('says which topics have other numbers of partitions than the template', () => {
    expect(lines.join('\n')).toMatch(/4 partitions per topic \(the template says wide: 12\)/);
  });

  it('hands records to other clients whole, and takes theirs', async () => {
    const headers = [{ key: 'traceparent', value: Buffer.from('00-ab') }];
    await kafka.produce('read', [{ ...text('session-1', '{"a":1}'), headers }]);
    const theirs = { key: Buffer.from('session-1'), payload: Buffer.from('theirs') };
    await librdkafka(kafka.brokers, { partitioner: 'murmur2_random' })
      .createProducer({})
      .send({ topic: 'read', messages: [theirs] });

    const consumer = librdkafka(kafka.brokers).createConsumer({ groupId: 'outsider', enableAutoCommit: false });
    const partitionOffset = [0, 1, 2, 3].map((partition) => ({
      partition,
      offset: { position: 'Beginning' as const },
    }));
    await consumer.subscribe([{ topic: 'read', partitionOffset }]);
    const read = [await consumer.recv(), await consumer.recv()];
    await consumer.disconnect();
    expect(read.map((message) => [String(message?.key), String(message?.payload)])).toEqual([
      ['session-1', '{"a":1}'],
      ['session-1', 'theirs'],
    ]);
    expect(read[0]?.headers).toEqual({ traceparent: Buffer.from('00-ab') });
    expect(read[0]?.partition).toBe(read[1]?.partition);
  });

  it.each(['gzip', 'snappy', 'lz4'])('is read back when a producer compresses with %s', async (codec) => {
    const configuration = { 'compression.codec': codec, 'linger.ms': '5' };
    const values = Array.from({ length: 50 }, (_, index) => `${codec} ${index} ${'ab'.repeat(index * 40)}`);
    const messages = values.map((value) => ({ key: Buffer.from(codec), payload: Buffer.from(value) }));
    await librdkafka(kafka.brokers, configuration).createProducer({ configuration }).send({ topic: codec, messages });
    const read = await stored(kafka.brokers, codec);
    expect(read.map(({ value }) => value?.toString())).toEqual(values);
  });

  it('takes messages of a megabyte', async () => {
    await kafka.produce('large', [text('k', 'x'.repeat(1_000_000))]);
    expect((await stored(kafka.brokers, 'large'))[0]?.value?.length).toBe(1_000_000);
  });

  it('forgets everything in a restart, and says so by another incarnation', async () => {
    const own = await startKafka({ topics: [topic('requests')], log });
    await own.produce('requests', [text('a', 'lost')]);
    const { incarnation } = own;
    await own.restart();
    expect(own.incarnation).not.toBe(incarnation);
    expect(await stored(own.brokers, 'requests')).toEqual([]);
    await own.produce('requests', [text('a', 'new')]);
    expect(await stored(own.brokers, 'requests')).toMatchObject([{ offset: 0, value: Buffer.from('new') }]);
    await own.stop();
  });

  it('keeps apart from others in the same process', async () => {
    const others = await Promise.all([1, 2].map(() => startKafka({ topics: [topic('requests')], log })));
    expect(new Set([kafka, ...others].map(({ brokers }) => brokers)).size).toBe(3);
    await Promise.all(others.map((other) => other.stop()));
  });
});

describe('KAFKA_BROKERS', () => {
  const start = (brokers: string) => startKafka({ brokers, topics: [topic('requests')], log, answerWithinMs: 200 });

  /** An address at which `server` listens. */
  async function listening(server: Server): Promise<string> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const named = (what: RegExp) => ({
    name: 'StartupError',
    setting: 'KAFKA_BROKERS',
    message: expect.stringMatching(new RegExp(`^KAFKA_BROKERS=[^\\n]* cannot be used: [^\\n]*${what.source}$`)),
  });

  it('that nobody answers at gives one line with its name', async () => {
    const server = createServer();
    const brokers = await listening(server);
    server.close();
    await once(server, 'close');
    await expect(start(brokers)).rejects.toMatchObject(named(/ECONNREFUSED/));
  });

  it.each(['nonsense', 'localhost', 'localhost:port', ':9092', 'localhost:99999'])(
    'that is no address (%s) gives one line with its name',
    async (brokers) => {
      await expect(start(brokers)).rejects.toMatchObject(named(/is not a broker address like host:9092/));
    },
  );

  it('that stays silent gives one line with its name', async () => {
    const server = createServer();
    await expect(start(await listening(server))).rejects.toMatchObject(named(/no answer within 200 ms/));
    server.close();
  });

  it('that is something else gives one line with its name', async () => {
    const server = createServer((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect(start(await listening(server))).rejects.toMatchObject(named(/what answers there is not Kafka/));
    server.close();
  });
});
