import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

/** Who is asking. In `open` mode everyone is the same. */
export interface Identity {
  readonly owner: string;
  /** The credential itself; none in `open` mode. */
  readonly token?: string;
}

export const cookieName = 'switchboard';

/** A year, in seconds; the identity is all that a guest has. */
export const cookieMaxAge = 365 * 24 * 3600;

/**
 * Guest identities: a random id with a signature, so that a made-up one is refused without looking anywhere. The token
 * is the same as a cookie and as a bearer.
 */
export class GuestTokens {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  issue(): Identity {
    const owner = `guest:${randomUUID()}`;
    const body = Buffer.from(owner).toString('base64url');
    return { owner, token: `v1.${body}.${this.#sign(body)}` };
  }

  /** The identity of a token, or undefined when it is not one of ours. */
  verify(token: string): Identity | undefined {
    const [version, body, signature, ...rest] = token.split('.');
    if (version !== 'v1' || !body || !signature || rest.length > 0) return undefined;
    const expected = Buffer.from(this.#sign(body));
    const given = Buffer.from(signature);
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
    return { owner: Buffer.from(body, 'base64url').toString('utf8'), token };
  }

  #sign(body: string): string {
    return createHmac('sha256', this.#key).update(`v1.${body}`).digest('base64url');
  }
}

/** A new signing key. */
export function newKey(): string {
  return randomBytes(32).toString('base64url');
}
