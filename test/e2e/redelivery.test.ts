import { expect, it } from 'vitest';
import { consumerGroups, topics } from '../../lib/names.ts';
import { startKafka } from '../../local/kafka/start.ts';
import { produceBare } from '../support/bare-records.ts';
import { ChatClient } from '../support/chat-client.ts';
import { isEnd } from '../support/frames.ts';
import { keptLog, topic } from '../support/local-kafka.ts';
import { endOf, resetOffsets } from '../support/offsets.ts';
import { startProductWithModel } from '../support/product-with-model.ts';
import { realParts } from '../support/real-parts.ts';

/** A hundred records on real parts; where everyone waits for the test, eight. */
const sessions = realParts ? 10 : 2;
const each = realParts ? 10 : 4;

/** A broker that outlives the product. */
async function kafka(): Promise<{ brokers: string; stop(): Promise<void> }> {
  if (realParts) return { brokers: realParts.kafkaBrokers, stop: async () => undefined };
  return startKafka({ topics: Object.values(topics).map((name) => topic(name)), log: keptLog().log });
}

it('bare records of an outsider, all of them delivered twice, get one answer each', {
  timeout: 120_000,
}, async () => {
  const { brokers, stop } = await kafka();
  const { product, model, dispose } = await startProductWithModel({ env: { KAFKA_BROKERS: brokers } });
  try {
    const [requests, responses] = [await endOf(brokers, topics.requests), await endOf(brokers, topics.responses)];
    const client = new ChatClient(product.url);
    const ids: string[] = [];
    for (let n = 0; n < sessions; n += 1) ids.push((await client.createSession()).session_id);
    const numbers = Array.from({ length: each }, (_, index) => index + 1);
    const records = numbers.flatMap((n) =>
      ids.map((key) => ({ key, value: JSON.stringify({ session_id: key, message: `Number ${n}`, timestamp: n }) })),
    );
    const sockets = await Promise.all(ids.map(async (id) => client.connect(id, [])));
    await produceBare(brokers, topics.requests, records);
    for (const socket of sockets) {
      while (socket.seen.filter(isEnd).length < each) await socket.next(isEnd, 'a bare record has no end', 60_000);
    }
    expect(model.calls).toHaveLength(sessions * each);

    // Everything was handled; then both groups begin again where they were before.
    await product.stop();
    await resetOffsets(brokers, consumerGroups.supervisor, topics.requests, requests);
    await resetOffsets(brokers, consumerGroups.responder, topics.responses, responses);
    const before = product.lines.length;
    await product.restart();
    // This question stands behind the repeated records of its session, and its answer behind the repeated answers.
    const again = await Promise.all(ids.map(async (id) => client.connect(id, [])));
    await Promise.all(again.map(async (socket) => socket.ask('And all of them once?', 60_000)));
    const consumed = product.lines.slice(before).filter((line) => /supervisor.*consumed/.test(line));
    expect(consumed.length).toBeGreaterThanOrEqual(sessions * each);
    expect(model.calls).toHaveLength(sessions * each + sessions);
    for (const id of ids) {
      const transcript = await client.transcript(id);
      const expected = [...numbers.map((n) => `Number ${n}`), 'And all of them once?'];
      const ask = ({ role }: Record<string, unknown>) => role === 'user';
      expect(transcript.filter(ask).map(({ content }) => content)).toEqual(expected);
      expect(transcript.filter((row) => !ask(row)).map(({ content }) => content)).toEqual(
        expected.map((question) => `echo: ${question}`),
      );
    }
  } finally {
    await dispose();
    await stop();
  }
});
