import { guestTokens } from '../adapters/dynamodb/signing-key.ts';
import type { Table } from '../adapters/dynamodb/table.ts';
import { type Authenticate, guestAuthentication, openAuthentication } from '../platform/authenticate.ts';
import { setting } from '../platform/env.ts';
import type { GuestTokens } from '../platform/identity.ts';

/** Authentication as the stage is set up, and the tokens for those who come without. */
export function authentication(table: Table): { authenticate: Authenticate; tokens?: () => Promise<GuestTokens> } {
  if (setting('AUTH') === 'open') return { authenticate: openAuthentication };
  let known: Promise<GuestTokens> | undefined;
  const tokens = () => {
    known ??= guestTokens(table).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  return { authenticate: guestAuthentication(tokens), tokens };
}
