import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * What a suspended run of the supervisor's graph looks like, ids and times left out. Never to be changed: what is stored
 * was packed with it. A graph that looks quite different packs a little worse, or gets a text and a number of its own.
 */
const first = Buffer.from(
  String.raw`{"storage":{"":{"":[{"utf8":"{\"v\":4,\"id\":\"\",\"ts\":\"\",\"channel_values\":{\"session_id\":\"\",\"message_id\":\"\",\"seq\":47,\"agent\":\"conversation\",\"__pregel_tasks\":[],\"branch:to:call_conversational_workflow\":null},\"channel_versions\":{\"__start__\":2,\"session_id\":2,\"message_id\":2,\"seq\":2,\"branch:to:receive_request\":3,\"agent\":3,\"branch:to:call_conversational_workflow\":3},\"versions_seen\":{\"__input__\":{},\"__start__\":{\"__start__\":1},\"receive_request\":{\"branch:to:receive_request\":2}}}"},{"utf8":"{\"source\":\"loop\",\"step\":1,\"parents\":{}}"},null]}},"writes":{"[\"\",\"\",\"\"]":{",-3":["","__interrupt__",{"utf8":"[{\"id\":\"\",\"value\":{\"agent\":\"conversation\"}}]"},"~__pregel_pull, call_conversational_workflow"]}}}`,
);

/**
 * A checkpoint as text of about 270 bytes in the place of 1,100. The session's item, which is written four times while a
 * run is under way, then stays below 1 KB: one write unit each time and not two.
 */
export function pack(json: string): string {
  return `1:${deflateRawSync(json, { dictionary: first, level: 9 }).toString('base64')}`;
}

/** What `pack` was given. Text that was never packed is given back as it is. */
export function unpack(packed: string): string {
  if (!packed.startsWith('1:')) return packed;
  return inflateRawSync(Buffer.from(packed.slice(2), 'base64'), { dictionary: first }).toString('utf8');
}
