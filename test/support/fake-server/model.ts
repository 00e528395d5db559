/** How the model answers one question. */
export interface Script {
  readonly pieces: readonly string[];
  /** Milliseconds before the first piece, and between pieces. */
  readonly firstMs: number;
  readonly pieceMs: number;
  /** Ends in a failure of this code instead of an answer. */
  readonly fails?: string;
  /** Never ends by itself. */
  readonly hangs?: boolean;
}

/** Cuts a text into pieces of a few words, as a model sends it. */
export function inPieces(text: string, words = 2): string[] {
  const pieces = text.match(new RegExp(`(?:\\S+\\s*){1,${words}}|\\s+`, 'g'));
  return pieces ?? [];
}

const showcase = `Kafka is a **distributed log**: producers append records, and consumers read them at their own pace.

## When it fits

1. Many consumers need the *same* events.
2. You want to **replay** what happened.
3. Throughput matters more than latency of a single record.

## When it does not

| Need | Better choice | Why |
| :--- | :--- | ---: |
| A task queue with priorities | SQS, RabbitMQ | per-message acknowledgement |
| Request and response | plain HTTP | no broker in between |
| A handful of events a day | a table | it is cheaper |

A producer in TypeScript takes little:

\`\`\`typescript
import { Kafka } from 'kafkajs';

const kafka = new Kafka({ clientId: 'shop', brokers: ['localhost:9092'] });
const producer = kafka.producer();

// Records with one key stay in order.
await producer.connect();
await producer.send({
  topic: 'orders',
  messages: [{ key: order.id, value: JSON.stringify(order) }],
});
\`\`\`

> Rule of thumb: if nobody would ever read an event twice, you may not need a log.

More in the [documentation](https://kafka.apache.org/documentation/).`;

/** The model's answers: a few words of a question choose how it behaves. */
export function canned(question: string): Script {
  const slow = { firstMs: 60, pieceMs: 25 };
  if (/\bfail\b/.test(question)) return { pieces: [], ...slow, fails: 'model_unavailable' };
  if (/\bmisconfigured\b/.test(question)) return { pieces: [], ...slow, fails: 'model_misconfigured' };
  if (/\bhang\b/.test(question)) return { pieces: inPieces('So far '), ...slow, hangs: true };
  if (/\blong\b/.test(question)) return { pieces: inPieces(`${showcase}\n\n`.repeat(6)), firstMs: 60, pieceMs: 30 };
  if (/kafka/i.test(question)) return { pieces: inPieces(showcase, 3), firstMs: 60, pieceMs: 8 };
  return { pieces: inPieces(`You said: ${question}`), firstMs: 10, pieceMs: 5 };
}
