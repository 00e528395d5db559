import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { isUuid } from '../contracts/ids.ts';
import { ChatError } from '../domain/errors.ts';
import type { Session } from '../domain/session.ts';
import type { Sessions } from '../domain/sessions.ts';
import type { Authenticate } from '../platform/authenticate.ts';
import type { Identity } from '../platform/identity.ts';
import { throughDistribution } from '../platform/origin.ts';

/** The body as a JSON object; an empty body counts as `{}`. Throws `invalid_request` for anything else. */
export function bodyOf(event: APIGatewayProxyEventV2): Record<string, unknown> {
  const text = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString('utf8') : (event.body ?? '');
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below, in one way for all that is not a JSON object.
  }
  throw new ChatError('invalid_request', 'The body must be a JSON object.');
}

/** A whole number from the query string, within bounds. Throws `invalid_request` naming the parameter. */
export function numberIn(
  event: APIGatewayProxyEventV2,
  name: string,
  { fallback, min, max }: { fallback: number; min: number; max: number },
): number {
  const text = event.queryStringParameters?.[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new ChatError('invalid_request', `\`${name}\` must be a whole number from ${min} to ${max}.`);
}

/** Who calls, or undefined for a first call without credentials. Throws `unauthorized` for invalid ones. */
export async function callerOf(
  event: APIGatewayProxyEventV2,
  authenticate: Authenticate,
): Promise<Identity | undefined> {
  if (!throughDistribution(event.headers)) throw new ChatError('forbidden', 'Call the page’s own address.');
  return authenticate({ authorization: event.headers.authorization, cookies: event.cookies ?? [] });
}

/** A session of the caller's. To anyone else it does not exist: throws `not_found`. */
export async function ownSession(
  sessions: Sessions,
  caller: Identity | undefined,
  sessionId: string | undefined,
): Promise<Session> {
  const id = sessionId?.toLowerCase();
  const session = isUuid(id) && caller ? await sessions.get(id) : undefined;
  if (session && session.owner === caller?.owner) return session;
  throw new ChatError('not_found', 'There is no such session.');
}
