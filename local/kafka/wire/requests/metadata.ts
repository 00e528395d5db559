import type { Exchange } from '../connection.ts';
import type { WireReader } from '../reader.ts';

/*
 * The requests in this folder stand in the one version that Kafka 1.0 to 4.x and librdkafka's mock cluster all speak,
 * so that nothing has to be negotiated. Grammar: https://kafka.apache.org/protocol#protocol_messages
 */

export interface BrokerAddress {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

export interface TopicMetadata {
  readonly name: string;
  readonly errorCode: number;
  /** Index: partition; value: the id of its leader, -1 when there is none. */
  readonly leaders: readonly number[];
}

export interface ClusterMetadata {
  readonly clusterId: string;
  readonly controllerId: number;
  readonly brokers: readonly BrokerAddress[];
  readonly topics: readonly TopicMetadata[];
}

/** With `create`, a broker that creates topics by itself (the embedded one) creates the missing ones. */
export function metadata(topics: readonly string[] | null, create = false): Exchange<ClusterMetadata> {
  return {
    api: 3,
    version: 4,
    write: (body) => {
      if (topics === null) body.int32(-1);
      else body.array(topics, (topic) => body.string(topic));
      body.int8(create ? 1 : 0);
    },
    read: (body) => {
      body.int32();
      const brokers = body.array(() => {
        const broker = { id: body.int32(), host: body.string() ?? '', port: body.int32() };
        body.string();
        return broker;
      });
      const clusterId = body.string() ?? '';
      const controllerId = body.int32();
      return { brokers, clusterId, controllerId, topics: body.array(() => topicMetadata(body)) };
    },
  };
}

function topicMetadata(body: WireReader): TopicMetadata {
  const errorCode = body.int16();
  const name = body.string() ?? '';
  body.int8();
  const leaders: number[] = [];
  body.array(() => {
    body.int16();
    const partition = body.int32();
    leaders[partition] = body.int32();
    body.array(() => body.int32());
    body.array(() => body.int32());
  });
  return { errorCode, name, leaders: Array.from(leaders, (leader) => leader ?? -1) };
}
