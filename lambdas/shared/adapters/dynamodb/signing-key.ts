import { GuestTokens, newKey } from '../../platform/identity.ts';
import type { Table } from './table.ts';

const key = { pk: 'KEY#guest', sk: 'KEY' };

/**
 * The key that signs guest identities. It lives in the sessions table, made by whoever needs it first: functions in the
 * VPC reach DynamoDB but no secret store, and it protects nothing that a reader of that table could not read anyway.
 */
export async function guestTokens(table: Table): Promise<GuestTokens> {
  const found = (await table.get(key)) ?? (await create(table));
  return new GuestTokens(Buffer.from(String(found.secret), 'base64url'));
}

async function create(table: Table): Promise<{ secret: unknown }> {
  const item = { ...key, secret: newKey() };
  if (await table.put(item, true)) return item;
  return (await table.get(key)) as { secret: unknown };
}
