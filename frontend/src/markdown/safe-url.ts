const schemes = new Set(['http:', 'https:', 'mailto:']);

/** The address of a link that may be followed; undefined for any other scheme, and for what is no full address. */
export function safeUrl(href: string): string | undefined {
  try {
    const url = new URL(href);
    return schemes.has(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}
