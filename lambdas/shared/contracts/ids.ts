import * as z from 'zod/mini';

/** Any UUID in its canonical form. Session ids made here are version 4; foreign message ids may be of any version. */
export const uuid = z.string().check(z.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i));

/** True for a UUID in its canonical form. */
export function isUuid(value: unknown): value is string {
  return uuid.safeParse(value).success;
}
