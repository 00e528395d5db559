import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Kafka, startKafka } from '../../local/kafka/start.ts';
import { Cluster } from '../../local/kafka/wire/cluster.ts';
import { offsetFetch } from '../../local/kafka/wire/requests/group-offsets.ts';
import { keptLog, recordText, SourceUnderTest, text, topic } from '../support/local-kafka.ts';
import { realParts } from '../support/real-parts.ts';

/** Keys that go to four different partitions. */
const keys = ['a', 'c', 'd', 'f'];

const failing = (...list: { partition: string; offset: number }[]) => ({
  payload: { batchItemFailures: list.map((itemIdentifier) => ({ itemIdentifier })) },
});

/** What is committed for a topic's group, by partition. */
async function committed(brokers: string, name: string): Promise<ReadonlyMap<number, number>> {
  const cluster = new Cluster(brokers);
  const groupId = `group-${name}`;
  const coordinator = await cluster.coordinator(groupId);
  const offsets = await cluster.toAddress(coordinator, offsetFetch(groupId, name, [0, 1, 2, 3]));
  cluster.close();
  return offsets;
}

describe.concurrent('a Kafka event source', () => {
  let kafka: Kafka;
  const run = crypto.randomUUID().slice(0, 8);
  const names = Array.from({ length: 11 }, (_, index) => `source-${run}-${index}`);
  let used = 0;
  const freshTopic = () => {
    used += 1;
    return names[used - 1] ?? '';
  };

  beforeAll(async () => {
    const topics = [...names, ...names.map((name) => `${name}-dlt`)].map((name) => topic(name));
    kafka = await startKafka({ brokers: realParts?.kafkaBrokers, topics, log: keptLog().log });
    return () => kafka.stop();
  });

  it('hands over what was produced before it began, and soon what comes after', async () => {
    const name = freshTopic();
    await kafka.produce(name, [text('a', 'before')]);
    const source = new SourceUnderTest(kafka, { topic: name }, () => undefined);
    await source.until(() => source.values.length === 1);
    await kafka.produce(name, [text('a', 'after')]);
    await source.until(() => source.values.length === 2);
    expect(source.values).toEqual(['before', 'after']);
    const [first] = source.events;
    expect(first).toMatchObject({
      eventSource: 'aws:kafka',
      eventSourceArn: 'arn:aws:kafka:us-east-1:111122223333:cluster/chat/3f1c',
      bootstrapServers: kafka.brokers,
    });
    expect(Object.keys(first?.records ?? {})).toEqual([`${name}-${source.records[0]?.partition}`]);
    await source.stop();
  });

  it('begins with what comes when it starts at LATEST', async () => {
    const name = freshTopic();
    await kafka.produce(
      name,
      keys.map((key) => text(key, 'before')),
    );
    const source = new SourceUnderTest(kafka, { topic: name, startingPosition: 'LATEST' }, () => undefined);
    // Nothing tells when it has begun; what is produced before that does not count.
    while (source.values.length === 0) {
      await kafka.produce(
        name,
        keys.map((key) => text(key, 'after')),
      );
      await sleep(20);
    }
    expect(source.values).not.toContain('before');
    await source.stop();
  });

  it('keeps the order of a partition, one batch at a time, while others go on', async () => {
    const name = freshTopic();
    let slow = 0;
    const source = new SourceUnderTest(kafka, { topic: name, batchSize: 3 }, async (records) => {
      const isSlow = records.some((record) => recordText(record).startsWith('a'));
      if (!isSlow) return undefined;
      slow += 1;
      expect(slow).toBe(1);
      await source.until(() => source.values.filter((value) => value.startsWith('e')).length === 10);
      slow -= 1;
      return undefined;
    });
    const numbers = Array.from({ length: 10 }, (_, index) => index);
    await kafka.produce(
      name,
      numbers.map((n) => text('a', `a${n}`)),
    );
    await source.until(() => source.events.length > 0);
    await kafka.produce(
      name,
      numbers.map((n) => text('e', `e${n}`)),
    );
    await source.until(() => source.values.length === 20 && slow === 0);
    expect(source.values.filter((value) => value.startsWith('a'))).toEqual(numbers.map((n) => `a${n}`));
    expect(source.values.filter((value) => value.startsWith('e'))).toEqual(numbers.map((n) => `e${n}`));
    expect(Math.max(...source.events.map((event) => Object.values(event.records).flat().length))).toBe(3);
    expect(source.events.every((event) => Object.keys(event.records).length === 1)).toBe(true);
    await source.stop();
  });

  it('gathers a batch for as long as its window', async () => {
    const name = freshTopic();
    const source = new SourceUnderTest(kafka, { topic: name, batchingWindowSeconds: 0.3 }, () => undefined);
    for (const value of ['1', '2', '3']) await kafka.produce(name, [text('a', value)]);
    await source.until(() => source.values.length === 3);
    expect(source.events).toHaveLength(1);
    await source.stop();
  });

  it('goes on after a restart where it was, and repeats nothing that succeeded', async () => {
    const name = freshTopic();
    const first = new SourceUnderTest(kafka, { topic: name }, () => undefined);
    await kafka.produce(
      name,
      keys.map((key) => text(key, `first ${key}`)),
    );
    await first.until(() => first.values.length === 4);
    await first.stop();
    expect([...(await committed(kafka.brokers, name)).values()].reduce((sum, offset) => sum + offset)).toBe(4);
    await kafka.produce(name, [text('a', 'second')]);
    const second = new SourceUnderTest(kafka, { topic: name }, () => undefined);
    await second.until(() => second.values.length === 1);
    expect(second.values).toEqual(['second']);
    await second.stop();
  });

  it('repeats what was under way when it ended', async () => {
    const name = freshTopic();
    await kafka.produce(name, [text('a', 'half done')]);
    const first = new SourceUnderTest(kafka, { topic: name }, () => Promise.withResolvers<undefined>().promise);
    await first.until(() => first.values.length === 1);
    await first.stop(0);
    const second = new SourceUnderTest(kafka, { topic: name }, () => undefined);
    await second.until(() => second.values.length === 1);
    expect(second.values).toEqual(['half done']);
    await second.stop();
  });

  it('delivers again from the lowest record that the function reports', async () => {
    const name = freshTopic();
    await kafka.produce(
      name,
      ['1', '2', '3', '4'].map((value) => text('a', value)),
    );
    const source = new SourceUnderTest(kafka, { topic: name }, async (records) => {
      const third = records.find((record) => recordText(record) === '3');
      if (!third || source.events.length > 1) return undefined;
      return failing({ partition: `${name}-${third.partition}`, offset: third.offset });
    });
    await source.until(() => source.events.length === 2);
    expect(source.values).toEqual(['1', '2', '3', '4', '3', '4']);
    await source.stop();
  });

  it('writes a record whose attempts are used up to the on-failure topic, as Lambda does, and goes on', async () => {
    const name = freshTopic();
    const poison = { ...text('a', 'poison'), headers: [{ key: 'h', value: Buffer.from('1') }] };
    await kafka.produce(name, [text('a', 'good'), poison, text('a', 'also good')]);
    const spec = { topic: name, bisectBatchOnFunctionError: true, onFailureTopic: `${name}-dlt` };
    const source = new SourceUnderTest(kafka, spec, async (records) =>
      records.some((record) => recordText(record) === 'poison')
        ? { payload: { errorMessage: 'no' }, functionError: 'Unhandled' }
        : undefined,
    );
    const aside = new SourceUnderTest(kafka, { topic: `${name}-dlt` }, () => undefined);
    await aside.until(() => aside.values.length === 1);
    await source.until(() => source.values.includes('also good') && source.events.at(-1) !== undefined);
    expect(source.values.filter((value) => value === 'poison').length).toBeGreaterThanOrEqual(3);
    const [written] = aside.records;
    expect(Buffer.from(written?.key ?? '', 'base64').toString()).toBe('a');
    expect(JSON.parse(aside.values[0] ?? '')).toMatchObject({
      requestContext: {
        functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:fn:$LATEST',
        condition: 'RetriesExhausted',
        approximateInvokeCount: 3,
      },
      responseContext: { functionError: 'Unhandled' },
      KafkaBatchInfo: { batchSize: 1, bootstrapServers: kafka.brokers },
      payload: {
        records: {
          [`${name}-${written?.partition}`]: [
            { value: Buffer.from('poison').toString('base64'), headers: [{ h: [49] }], timestampType: 'CREATE_TIME' },
          ],
        },
      },
    });
    expect(source.lines.join('\n')).toContain('RetriesExhausted (Unhandled)');
    await Promise.all([source.stop(), aside.stop()]);
  });

  it('leaves what it cannot set aside in its place until it can', async () => {
    const name = freshTopic();
    await kafka.produce(name, [text('a', 'poison'), text('a', 'next')]);
    let refusals = 0;
    const produce: typeof kafka.produce = async (to, records) => {
      refusals += 1;
      if (refusals < 3) throw new Error('the broker is away');
      await kafka.produce(to, records);
    };
    const spec = { topic: name, batchSize: 1, maximumRetryAttempts: 0, onFailureTopic: `${name}-dlt` };
    const source = new SourceUnderTest(
      kafka,
      spec,
      async ([record]) =>
        record && recordText(record) === 'poison' ? { payload: 1, functionError: 'Unhandled' } : undefined,
      { produce },
    );
    await source.until(() => source.values.includes('next'));
    expect(refusals).toBe(3);
    await source.stop();
  });

  it('invokes for all partitions side by side', async () => {
    const name = freshTopic();
    let running = 0;
    const gate = Promise.withResolvers<undefined>();
    const source = new SourceUnderTest(kafka, { topic: name }, () => {
      running += 1;
      return gate.promise;
    });
    await kafka.produce(
      name,
      [...keys, ...keys].map((key) => text(key, key)),
    );
    await source.until(() => running === 4);
    gate.resolve(undefined);
    await source.until(() => source.values.length === 8);
    await source.stop();
  });

  it('reads nothing when it is disabled', async () => {
    const name = freshTopic();
    await kafka.produce(name, [text('a', 'unread')]);
    const off = new SourceUnderTest(kafka, { topic: name, enabled: false }, () => undefined);
    const on = new SourceUnderTest(kafka, { topic: name, consumerGroupId: 'other' }, () => undefined);
    await on.until(() => on.values.length === 1);
    expect(off.events).toEqual([]);
    await Promise.all([off.stop(), on.stop()]);
  });
});

describe('a Kafka event source whose broker goes away', () => {
  it('says so once and stops when asked to', async () => {
    const kafka = await startKafka({ topics: [topic('requests')], log: keptLog().log });
    const source = new SourceUnderTest(kafka, { topic: 'requests' }, () => undefined);
    await kafka.produce('requests', [text('a', '1')]);
    await source.until(() => source.values.length === 1);
    while ([...(await committed(kafka.brokers, 'requests')).values()].every((offset) => offset < 1)) await sleep(20);
    await kafka.stop();
    const deadline = Date.now() + 8000;
    while (source.lines.length === 0 && Date.now() < deadline) await sleep(50);
    expect(source.lines).toEqual([expect.stringContaining('cannot be read, trying on')]);
    await source.stop();
  });
});
