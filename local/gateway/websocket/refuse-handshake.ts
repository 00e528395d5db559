import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Answers a WebSocket handshake with an HTTP status and ends the connection. */
export function refuseHandshake(stream: Duplex, status: number): void {
  const reason = STATUS_CODES[status] ?? 'Refused';
  const body = JSON.stringify({ message: reason });
  stream.end(
    [
      `HTTP/1.1 ${status} ${reason}`,
      'Connection: close',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
