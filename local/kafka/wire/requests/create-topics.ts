import type { Exchange } from '../connection.ts';

export interface TopicToCreate {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs: Readonly<Record<string, string>>;
}

/** To be sent to the controller; the answer has each topic's error code and, if the broker tells, a message. */
export function createTopics(
  topics: readonly TopicToCreate[],
  timeoutMs: number,
): Exchange<readonly { name: string; errorCode: number; message: string | null }[]> {
  return {
    api: 19,
    version: 2,
    patienceMs: timeoutMs,
    write: (body) => {
      body.array(topics, (topic) => {
        body.string(topic.name).int32(topic.partitions).int16(topic.replicationFactor).int32(0);
        body.array(Object.entries(topic.configs), ([name, value]) => body.string(name).string(value));
      });
      body.int32(timeoutMs).int8(0);
    },
    read: (body) => {
      body.int32();
      return body.array(() => ({ name: body.string() ?? '', errorCode: body.int16(), message: body.string() }));
    },
  };
}
