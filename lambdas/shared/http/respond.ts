import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { cookieMaxAge, cookieName } from '../platform/identity.ts';

export type HttpAnswer = APIGatewayProxyStructuredResultV2;

/** JSON with a status; answers about a caller's own things are never cached. */
export function json(statusCode: number, body: unknown): HttpAnswer {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { statusCode, headers, body: JSON.stringify(body) };
}

export const noContent: HttpAnswer = { statusCode: 204, headers: { 'cache-control': 'no-store' } };

/** Hands a new identity to a browser: out of reach of scripts, and only over TLS where the page came over TLS. */
export function withCookie(answer: HttpAnswer, event: APIGatewayProxyEventV2, token: string): HttpAnswer {
  const secure = event.headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
  const cookie = `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${cookieMaxAge}${secure}`;
  return { ...answer, cookies: [cookie] };
}
