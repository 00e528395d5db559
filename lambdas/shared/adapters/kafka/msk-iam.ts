import { createHash, createHmac } from 'node:crypto';
import { setting } from '../../platform/env.ts';

const lifetimeSeconds = 900;

/**
 * A token for MSK's IAM authentication: a presigned URL of the action `kafka-cluster:Connect`, in base64url. Made
 * locally, without a network call. Written out because AWS's signer package brings STS and the whole chain of
 * credentials, 416 KiB, for these lines.
 * Source: docs.aws.amazon.com/msk/latest/developerguide/msk-iam-sasl-oauthbearer (format), Signature Version 4 (query).
 */
export async function signedToken(at: Date = new Date()): Promise<string> {
  const region = setting('AWS_REGION');
  const host = `kafka.${region}.amazonaws.com`;
  const stamp = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = stamp.slice(0, 8);
  const scope = `${day}/${region}/kafka-cluster/aws4_request`;
  const parameters: Record<string, string> = {
    Action: 'kafka-cluster:Connect',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${setting('AWS_ACCESS_KEY_ID')}/${scope}`,
    'X-Amz-Date': stamp,
    'X-Amz-Expires': String(lifetimeSeconds),
    'X-Amz-SignedHeaders': 'host',
    ...(process.env.AWS_SESSION_TOKEN && { 'X-Amz-Security-Token': process.env.AWS_SESSION_TOKEN }),
  };
  const query = Object.entries(parameters)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const request = ['GET', '/', query, `host:${host}\n`, 'host', sha256('')].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope, sha256(request)].join('\n');
  const key = [day, region, 'kafka-cluster', 'aws4_request'].reduce<Buffer | string>(
    (secret, part) => hmac(secret, part),
    `AWS4${setting('AWS_SECRET_ACCESS_KEY')}`,
  );
  const signature = hmac(key, toSign).toString('hex');
  const url = `https://${host}/?${query}&X-Amz-Signature=${signature}&User-Agent=switchboard`;
  return Buffer.from(url).toString('base64url');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
