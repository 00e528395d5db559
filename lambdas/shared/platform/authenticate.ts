import { ChatError } from '../domain/errors.ts';
import { cookieName, type GuestTokens, type Identity } from './identity.ts';

/** Headers in lower case, and cookies as `name=value`. */
export interface Credentials {
  readonly authorization?: string | undefined;
  readonly cookies: readonly string[];
}

/** Tells who a caller is. Throws `unauthorized` for a credential that is not ours; gives undefined for none. */
export type Authenticate = (credentials: Credentials) => Promise<Identity | undefined>;

/** `guest`: signed anonymous identities. A bearer counts before a cookie. */
export function guestAuthentication(tokens: () => Promise<GuestTokens>): Authenticate {
  return async ({ authorization, cookies }) => {
    const token = bearer(authorization) ?? cookie(cookies);
    if (token === undefined) return undefined;
    const identity = (await tokens()).verify(token);
    if (identity) return identity;
    throw new ChatError('unauthorized', 'These credentials are not valid; leave them out to get new ones.');
  };
}

/** `open`: no identities; everyone sees everything. */
export const openAuthentication: Authenticate = async () => ({ owner: 'everyone' });

function bearer(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const match = /^Bearer\s+(\S+)$/i.exec(authorization.trim());
  if (match?.[1] === undefined)
    throw new ChatError('unauthorized', 'The Authorization header must be `Bearer <token>`.');
  return match[1];
}

function cookie(cookies: readonly string[]): string | undefined {
  const found = cookies.flatMap((line) => line.split(/;\s*/)).find((pair) => pair.startsWith(`${cookieName}=`));
  return found?.slice(cookieName.length + 1);
}
