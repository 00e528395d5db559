import { flag, type JsonObject, list, number, object, text } from '../json.ts';
import type { Resolver } from '../resolver.ts';

export interface HeadersPolicy {
  readonly headers: Record<string, string>;
  readonly removed: readonly string[];
}

/** AWS's managed policy SecurityHeadersPolicy. */
const managed: Readonly<Record<string, Record<string, string>>> = {
  '67f7725c-6f97-4210-82d7-5512b31e9d03': {
    'referrer-policy': 'strict-origin-when-cross-origin',
    'strict-transport-security': 'max-age=31536000',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
    'x-xss-protection': '1; mode=block',
  },
};

/** The headers that a response headers policy adds; CORS and Server-Timing are left out. */
export function readHeadersPolicy(id: string | undefined, resolver: Resolver): HeadersPolicy {
  if (id === undefined) return { headers: {}, removed: [] };
  const resource = resolver
    .resources()
    .find(({ type, logicalId }) => type === 'AWS::CloudFront::ResponseHeadersPolicy' && logicalId === id);
  if (resource === undefined) return { headers: { ...managed[id] }, removed: [] };
  const config = object(resolver.properties(resource).ResponseHeadersPolicyConfig);
  const custom = list(object(config.CustomHeadersConfig).Items).map((item) => [
    String(object(item).Header).toLowerCase(),
    String(object(item).Value),
  ]);
  return {
    headers: { ...securityHeaders(object(config.SecurityHeadersConfig)), ...Object.fromEntries(custom) },
    removed: list(object(config.RemoveHeadersConfig).Items).map((item) => String(object(item).Header).toLowerCase()),
  };
}

function securityHeaders(config: JsonObject): Record<string, string> {
  const transport = object(config.StrictTransportSecurity);
  const maxAge = number(transport.AccessControlMaxAgeSec);
  const xss = object(config.XSSProtection);
  const found: Record<string, string | undefined> = {
    'content-security-policy': text(object(config.ContentSecurityPolicy).ContentSecurityPolicy),
    'x-content-type-options': config.ContentTypeOptions === undefined ? undefined : 'nosniff',
    'x-frame-options': text(object(config.FrameOptions).FrameOption),
    'referrer-policy': text(object(config.ReferrerPolicy).ReferrerPolicy),
    'strict-transport-security':
      maxAge === undefined
        ? undefined
        : `max-age=${maxAge}${flag(transport.IncludeSubdomains) ? '; includeSubDomains' : ''}${flag(transport.Preload) ? '; preload' : ''}`,
    'x-xss-protection':
      config.XSSProtection === undefined
        ? undefined
        : flag(xss.Protection)
          ? `1${flag(xss.ModeBlock) ? '; mode=block' : ''}`
          : '0',
  };
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
