import type { Exchange } from '../connection.ts';
import { KafkaError } from '../kafka-error.ts';

/** Agrees on a SASL mechanism, as the first exchange of a connection. */
export function saslHandshake(mechanism: string): Exchange<void> {
  return {
    api: 17,
    version: 1,
    write: (body) => body.string(mechanism),
    read: (body) => KafkaError.check(body.int16(), `authentication by ${mechanism}`),
  };
}

/** Shows a bearer token as RFC 7628 has it; a broker that refuses says why in words. */
export function saslBearer(token: string): Exchange<void> {
  return {
    api: 36,
    version: 0,
    write: (body) => {
      const message = Buffer.from(`n,,\u0001auth=Bearer ${token}\u0001\u0001`);
      body.int32(message.length).bytes(message);
    },
    read: (body) => {
      const code = body.int16();
      const words = body.string();
      if (code !== 0) throw new KafkaError('AUTHENTICATION_FAILED', words ?? `error ${code}`, { retryable: false });
    },
  };
}
