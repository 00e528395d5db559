/**
 * Reads the lengths of a client's frames as they come in, for the limit on frames: the WebSocket library only knows that
 * of whole messages. Returns a function that takes the socket's bytes and answers true once a frame is longer than
 * `limit`. https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export function createFrameLengths(limit: number): (chunk: Buffer) => boolean {
  const header = Buffer.alloc(14);
  let have = 0;
  let skip = 0;
  let exceeded = false;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length && !exceeded) {
      if (skip > 0) {
        const step = Math.min(skip, chunk.length - at);
        skip -= step;
        at += step;
        continue;
      }
      header[have] = chunk[at] ?? 0;
      have += 1;
      at += 1;
      if (have < 2 || have < headerLength(header)) continue;
      skip = payloadLength(header);
      have = 0;
      exceeded = skip > limit;
    }
    return exceeded;
  };
}

function headerLength(header: Buffer): number {
  const second = header[1] ?? 0;
  const length = second & 0x7f;
  return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + ((second & 0x80) === 0 ? 0 : 4);
}

function payloadLength(header: Buffer): number {
  const length = (header[1] ?? 0) & 0x7f;
  if (length === 126) return header.readUInt16BE(2);
  return length === 127 ? Number(header.readBigUInt64BE(2)) : length;
}
