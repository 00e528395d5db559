import { timingSafeEqual } from 'node:crypto';
import { settingOr } from './env.ts';

/** Header by which our distribution shows that a request came through it. */
const header = 'x-origin-verify';

/**
 * False for a call of the API's own address, past the distribution. Headers in lower case. `ORIGIN_SECRET` holds every
 * value that counts, with commas between them: two while one takes the other's place.
 */
export function throughDistribution(headers: Readonly<Record<string, string | undefined>>): boolean {
  const accepted = settingOr('ORIGIN_SECRET', '').split(',').filter(Boolean);
  if (accepted.length === 0) return true;
  const given = Buffer.from(headers[header] ?? '');
  return accepted.some((value) => equal(Buffer.from(value), given));
}

function equal(expected: Buffer, given: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}
