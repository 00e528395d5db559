/** What the demo model can talk about: the first topic whose pattern fits a question gives the answer. */
export interface Topic {
  readonly pattern: RegExp;
  readonly answer: string;
}

const code = (language: string, ...lines: string[]) => [`\`\`\`${language}`, ...lines, '```'].join('\n');

export const topics: readonly Topic[] = [
  {
    pattern: /switchboard|this (system|app|application|chat|demo)\b|how do(es)? (this|you) work/i,
    answer: [
      '**Switchboard** carries your message a long way, and each step can fail without losing it:',
      '',
      '1. Your browser sends it over a WebSocket; it is stored in DynamoDB before you see `accepted`.',
      '2. It goes to the Kafka topic `chat-requests`, keyed by session, so that order is kept.',
      '3. A supervisor graph (LangGraph) reads it and calls the conversation graph, which asks the model.',
      '4. The answer goes to `chat-responses`, is stored, and is pushed to every tab of the session.',
      '',
      'Offline, the same bundles run on an embedded Kafka and DynamoDB; this model is the only stand-in for thought.',
    ].join('\n'),
  },
  {
    pattern:
      /\b(producer|produce)\b.*\b(code|example|typescript|javascript|node)\b|\bcode\b.*\bkafka\b|\bkafka\b.*\bcode\b/i,
    answer: [
      'A record with a key, so that everything of one session stays in order:',
      '',
      code(
        'typescript',
        "import { Kafka } from 'kafkajs';",
        '',
        "const kafka = new Kafka({ brokers: ['localhost:9092'] });",
        'const producer = kafka.producer({ allowAutoTopicCreation: false });',
        '',
        'await producer.connect();',
        'await producer.send({',
        "  topic: 'chat-requests',",
        "  messages: [{ key: sessionId, value: JSON.stringify({ session_id: sessionId, message: 'Hello' }) }],",
        '});',
        'await producer.disconnect();',
      ),
      '',
      'The key decides the partition, and order holds within a partition only.',
    ].join('\n'),
  },
  {
    pattern: /kafka/i,
    answer: [
      '**Apache Kafka** is a distributed log. Producers append records to *topics*; consumers read them at their own pace.',
      '',
      '- A topic is split into **partitions**; order is kept within a partition, and a record’s key chooses it.',
      '- Records stay after they are read, so several consumers can read the same ones, and read them again.',
      '- A **consumer group** shares the partitions among its members and remembers how far it came.',
      '- Partitions are **replicated**, so that a broker can fail without losing what was acknowledged.',
    ].join('\n'),
  },
  {
    pattern: /lambda/i,
    answer: [
      '**AWS Lambda** runs a function when something happens, and bills only while it runs.',
      '',
      code(
        'typescript',
        'export const handler = async (event: { name?: string }) => {',
        "  return { greeting: ['Hello', event.name ?? 'world'].join(', ') };",
        '};',
      ),
      '',
      'What was set up outside the handler is kept between invocations: clients belong there. An event source mapping ' +
        'reads Kafka for a function and hands it batches.',
    ].join('\n'),
  },
  {
    pattern: /dynamo/i,
    answer: [
      '**Amazon DynamoDB** is a key-value and document store whose speed does not depend on how much it holds.',
      '',
      '- An item is found by its partition key, and within it sorted by the sort key.',
      '- A *condition* makes a write safe against a race, for instance `attribute_not_exists(pk)`.',
      '- An item may be 400 KB at most: a growing list belongs into many items.',
      '- *Time to live* deletes what has expired, some time after it has.',
    ].join('\n'),
  },
  {
    pattern: /lang ?graph/i,
    answer: [
      '**LangGraph** describes an agent as a graph: nodes are functions on a shared state, edges say what comes next.',
      '',
      code(
        'typescript',
        'const graph = new StateGraph(State)',
        "  .addNode('call_llm', callModel)",
        "  .addEdge(START, 'call_llm')",
        "  .addEdge('call_llm', END)",
        '  .compile();',
      ),
      '',
      'A node can be retried, timed out or suspended with `interrupt`, and the run goes on later from its checkpoint.',
    ].join('\n'),
  },
  {
    pattern: /web ?socket/i,
    answer: [
      'A **WebSocket** is one connection that stays open and lets both sides send at any time.',
      '',
      'It starts as an HTTP request with `Upgrade: websocket`. On API Gateway it lives for two hours at most, frames may ' +
        'be 32 KB, and a silent connection is closed after ten minutes: a client must be able to reconnect and ask for ' +
        'what it missed.',
    ].join('\n'),
  },
  {
    pattern: /\b(code|function|typescript|javascript|program|script)\b/i,
    answer: [
      'Here is a small piece of TypeScript:',
      '',
      code(
        'typescript',
        'function fibonacci(n: number): number {',
        '  let [a, b] = [0, 1];',
        '  for (let i = 0; i < n; i += 1) [a, b] = [b, a + b];',
        '  return a;',
        '}',
        '',
        'console.log(fibonacci(10)); // 55',
      ),
      '',
      'A loop instead of recursion: it takes `n` steps, not `2^n`.',
    ].join('\n'),
  },
];
