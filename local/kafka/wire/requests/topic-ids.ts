import type { Exchange } from '../connection.ts';
import type { WireReader } from '../reader.ts';

/**
 * Topic ids by name, in hexadecimal; Kafka 2.8 and later. A topic that was deleted and created anew has a new id,
 * and its offsets start at 0 again.
 */
export function topicIds(topics: readonly string[]): Exchange<ReadonlyMap<string, string>> {
  return {
    api: 3,
    version: 10,
    flexible: true,
    write: (body) => {
      body.uvarint(topics.length + 1);
      for (const topic of topics) body.bytes(Buffer.alloc(16)).compactString(topic).uvarint(0);
      body.int8(0).int8(0).int8(0).uvarint(0);
    },
    read: (body) => {
      body.int32();
      body.compactArray(() => skipBroker(body));
      body.compactString();
      body.int32();
      return new Map(body.compactArray(() => topicId(body)));
    },
  };
}

function skipBroker(body: WireReader): void {
  body.int32();
  body.compactString();
  body.int32();
  body.compactString();
  body.skipTags();
}

function topicId(body: WireReader): [name: string, id: string] {
  body.int16();
  const name = body.compactString() ?? '';
  const id = body.bytes(16).toString('hex');
  body.int8();
  body.compactArray(() => {
    body.int16();
    for (let field = 0; field < 3; field += 1) body.int32();
    for (let list = 0; list < 3; list += 1) body.compactArray(() => body.int32());
    body.skipTags();
  });
  body.int32();
  body.skipTags();
  return [name, id];
}
