import type { Fields } from './session.ts';

const mostFrameBytes = 32 * 1024;
const mostPartedBytes = 1024 * 1024;
const sliceLength = 10_000;

/** A frame as it goes over the wire: whole, in parts, or as a reference (contract, section 3). */
export function encodeFrame(frame: Fields): string[] {
  const json = JSON.stringify(frame);
  const bytes = Buffer.byteLength(json);
  if (bytes <= mostFrameBytes || typeof frame.seq !== 'number') return [json];
  const { seq, session_id } = frame;
  if (bytes > mostPartedBytes) {
    const href = `/api/sessions/${String(session_id)}/messages?since=${seq - 1}&limit=1`;
    return [JSON.stringify({ type: 'large', seq, href })];
  }
  const of = Math.ceil(json.length / sliceLength);
  return Array.from({ length: of }, (_, index) =>
    JSON.stringify({
      type: 'part',
      seq,
      part: index + 1,
      of,
      data: json.slice(index * sliceLength, (index + 1) * sliceLength),
    }),
  );
}
