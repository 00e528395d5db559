import { randomBytes } from 'node:crypto';

/** Ids of requests and connections look like API Gateway's: 16 characters, the last an equals sign. */
export function gatewayId(): string {
  return `${randomBytes(12).toString('base64url').slice(0, 15)}=`;
}

export function looksLikeGatewayId(id: string): boolean {
  return /^[\w-]{8,40}={0,2}$/.test(id) && id.endsWith('=');
}
