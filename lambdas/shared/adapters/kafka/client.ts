import type { Socket } from 'node:net';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { signedToken } from './msk-iam.ts';

/** How brokers are reached: `iam` is TLS with SASL/OAUTHBEARER as MSK wants it, `none` is plain TCP. */
export interface KafkaSettings {
  readonly brokers: string;
  readonly auth: 'iam' | 'none';
  readonly clientId: string;
}

/** A producer, and the sockets under it: kafkajs never leaves a dead socket by itself, so we must be able to. */
export interface OpenProducer {
  readonly producer: Producer;
  /** Cuts the connections at once; `disconnect` would wait for answers that never come. */
  destroy(): void;
}

/** Connects a producer. One per process: a broker with IAM takes as few as 4 new connections a second. */
export async function openProducer({ brokers, auth, clientId }: KafkaSettings): Promise<OpenProducer> {
  const sockets = new Set<Socket>();
  const kafka = new Kafka({
    clientId,
    brokers: brokers.split(','),
    ssl: auth === 'iam',
    ...(auth === 'iam' && {
      sasl: { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: await signedToken() }) },
    }),
    connectionTimeout: 4_000,
    authenticationTimeout: 4_000,
    requestTimeout: 2_500,
    retry: { retries: 2, initialRetryTime: 60, maxRetryTime: 500 },
    logLevel: logLevel.NOTHING,
    socketFactory: ({ host, port, ssl, onConnect }) => {
      const socket = ssl
        ? connectTls({ host, port, servername: host, ...ssl }, onConnect)
        : connectTcp({ host, port }, onConnect);
      socket.setKeepAlive(true, 30_000);
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      return socket;
    },
  });
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  return {
    producer,
    destroy() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
