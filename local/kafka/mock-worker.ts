import { parentPort } from 'node:worker_threads';
import { KafkaClient } from 'kafka-crab-js';

/*
 * Runs librdkafka's mock cluster: a client configured so has a broker of its own, on a port of loopback that nothing
 * tells. It lives in a worker because only the end of the worker ends it (kafka-crab-js has no call for that); its
 * threads are native, so the worker itself idles. A consumer that never subscribes: a producer polls in a thread of its
 * own, which takes 0.9 % of a core for nothing.
 */
const configuration = { 'test.mock.num.brokers': '1' };
const client = new KafkaClient({ brokers: '127.0.0.1:1', clientId: 'switchboard', logLevel: 'error', configuration });
const owner = client.createConsumer({ groupId: 'switchboard-mock', configuration });

// Keeps the worker, and through the reference the consumer, alive.
parentPort?.on('message', () => owner.clientId);
parentPort?.postMessage('started');
