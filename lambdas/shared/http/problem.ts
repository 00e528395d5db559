import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { ErrorCode } from '../contracts/server-frames.ts';
import { ChatError } from '../domain/errors.ts';

const kinds: Record<ErrorCode, { status: number; title: string }> = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  unauthorized: { status: 401, title: 'The credentials are not valid' },
  forbidden: { status: 403, title: 'This is not allowed' },
  not_found: { status: 404, title: 'There is no such thing' },
  conflict: { status: 409, title: 'The request contradicts an earlier one' },
  too_large: { status: 413, title: 'The request is too large' },
  rate_limited: { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'Not available for the moment' },
  internal: { status: 500, title: 'Something went wrong' },
};

/** A failure as RFC 9457's problem details, with a stable `code`. What nobody expected shows nothing of itself. */
export function problem(error: unknown): APIGatewayProxyStructuredResultV2 {
  const known = error instanceof ChatError ? error : new ChatError('internal', 'Please try again.');
  const { status, title } = kinds[known.code];
  const body = { type: 'about:blank', title, status, code: known.code, detail: known.message };
  const headers: Record<string, string> = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  if (status === 429 || status === 503) headers['retry-after'] = '1';
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  return { statusCode: status, headers, body: JSON.stringify(body) };
}
