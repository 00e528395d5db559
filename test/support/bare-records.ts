import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { outsideKafka } from './kafka-reader.ts';

/** A record as an outsider makes it: a key and a text, nothing else. */
export interface BareRecord {
  readonly key: string;
  readonly value: string;
}

/** Produces records with kcat where there is one, else with kafkajs. */
export async function produceBare(brokers: string, topic: string, records: readonly BareRecord[]): Promise<void> {
  if (spawnSync('kcat', ['-V']).error === undefined) return produceWithKcat(brokers, topic, records);
  const producer = outsideKafka(brokers).producer();
  await producer.connect();
  await producer.send({ topic, messages: [...records] });
  await producer.disconnect();
}

async function produceWithKcat(brokers: string, topic: string, records: readonly BareRecord[]): Promise<void> {
  const kcat = spawn('kcat', ['-b', brokers, '-P', '-t', topic, '-K', '\t'], { stdio: ['pipe', 'ignore', 'pipe'] });
  let complaint = '';
  kcat.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk;
  });
  kcat.stdin.end(records.map(({ key, value }) => `${key}\t${value}\n`).join(''));
  const [code] = await once(kcat, 'close');
  if (code !== 0) throw new Error(`kcat ended with ${code}: ${complaint}`);
}
