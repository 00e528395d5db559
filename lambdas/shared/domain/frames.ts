import type { LogEvent } from '../contracts/log-events.ts';
import type { DurableFrame, ServerFrame } from '../contracts/server-frames.ts';

/** API Gateway's limit of one frame, in bytes. */
export const maxFrameBytes = 32 * 1024;

/** A durable event above this is not sent but pointed at. */
export const maxPartedBytes = 1024 * 1024;

/** Characters of JSON in one part: even if each takes 3 bytes or an escape of 2 characters, the part fits a frame. */
const partLength = 10_000;

/** A log event as a client sees it. */
export function toFrame(sessionId: string, event: LogEvent, replay = false): DurableFrame {
  return { ...visible(event), session_id: sessionId, ...(replay && { replay: true as const }) };
}

const internal: ReadonlySet<string> = new Set(['ends', 'replaces_seq', 'question_seq']);

/**
 * An event without what only the log itself needs, its fields always in the same order: a store gives them in its own, and
 * the parts of an event are to be the same whenever they are sent.
 */
export function visible(event: LogEvent): LogEvent {
  const shown = Object.entries(event).filter(([field]) => !internal.has(field));
  return Object.fromEntries(shown.sort(([a], [b]) => (a < b ? -1 : 1))) as unknown as LogEvent;
}

/**
 * A frame as the texts that go over the wire: itself, or, where a durable event does not fit, its parts, or a pointer
 * to the HTTP route that has it. A push and a replay of one event may meet on a socket: their parts are the same, and the
 * mark of a replay stands beside them.
 */
export function encodeFrame(frame: ServerFrame): string[] {
  const json = JSON.stringify(frame);
  const bytes = Buffer.byteLength(json);
  if (bytes <= maxFrameBytes || !('seq' in frame) || frame.type === 'accepted') return [json];
  const { replay, ...event } = frame;
  const { seq, session_id } = event;
  if (bytes > maxPartedBytes) {
    const href = `/api/sessions/${session_id}/messages?since=${seq - 1}&limit=1`;
    return [JSON.stringify({ type: 'large', seq, href })];
  }
  const slices = slice(JSON.stringify(event));
  const known = { type: 'part', seq, of: slices.length, ...(replay && { replay }) };
  return slices.map((data, index) => JSON.stringify({ ...known, part: index + 1, data }));
}

function slice(json: string): string[] {
  const slices: string[] = [];
  for (let start = 0; start < json.length; ) {
    let end = Math.min(start + partLength, json.length);
    // A surrogate pair stays together: half of one is no text.
    if (end < json.length && (json.charCodeAt(end - 1) & 0xfc00) === 0xd800) end -= 1;
    slices.push(json.slice(start, end));
    start = end;
  }
  return slices;
}
