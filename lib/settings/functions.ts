import type { StageSettings } from './schema.ts';

/**
 * Memory buys CPU (1 vCPU at 1,769 MB) and is paid for by the millisecond, so what waits gets little and what
 * computes or sits in the answer's way gets more. The time-outs end below whatever would cut the call off first.
 */
export const functionDefaults = {
  // API Gateway waits 29 s for an integration; a person waits less. No Kafka client, small bundles.
  'ws-connect': { memoryMb: 256, timeoutSeconds: 5 },
  'ws-disconnect': { memoryMb: 256, timeoutSeconds: 5 },
  'ws-resume': { memoryMb: 256, timeoutSeconds: 20 },
  'http-api': { memoryMb: 256, timeoutSeconds: 20 },
  // In the way of "accepted": TLS and SASL handshakes with a broker are CPU work on a cold start.
  'ws-message': { memoryMb: 512, timeoutSeconds: 10 },
  'http-message': { memoryMb: 512, timeoutSeconds: 10 },
  // A batch of 100 records side by side, each some DynamoDB calls and no waiting.
  supervisor: { memoryMb: 512, timeoutSeconds: 60 },
  // The only one that waits, for the model, and so a third of the variable cost, which doubles with its memory. LangChain
  // leaves it at 90 MB resident (measured), and a cold start imports with the full CPU whatever the size. 256 MB would be $3.40
  // more for a million turns, for a first token some 40 ms sooner. 120 s bound the slowest answer.
  conversation: { memoryMb: 192, timeoutSeconds: 120 },
  // DynamoDB and posts to sockets.
  responder: { memoryMb: 256, timeoutSeconds: 30 },
  'dead-letter': { memoryMb: 256, timeoutSeconds: 15 },
  // Ends before the next one starts: rate(1 minute).
  sweep: { memoryMb: 256, timeoutSeconds: 50 },
} satisfies StageSettings['functions'];
