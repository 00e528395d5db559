import { createHash, randomBytes } from 'node:crypto';

/** Lambda stops a chain after about sixteen invocations of one function. */
export const recursionLimit = 16;

/** A trace header as API Gateway and Lambda make it when a request brings none. */
export function newTraceHeader(now = Date.now()): string {
  const epoch = Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0');
  return `Root=1-${epoch}-${randomBytes(12).toString('hex')}`;
}

/**
 * Counts this invocation of a function in the `Lineage` of `X-Amzn-Trace-Id`, which the AWS SDK hands on from function to
 * function. Returns the header for the function's own calls, and how often the function was invoked in this chain.
 */
export function extendLineage(header: string | undefined, functionArn: string): { header: string; count: number } {
  const fields = (header ?? newTraceHeader())
    .split(';')
    .filter((field) => field !== '' && !field.startsWith('Parent='));
  const lineage = fields.find((field) => field.startsWith('Lineage='))?.slice('Lineage='.length) ?? '';
  const counts = new Map(
    lineage.split('|').flatMap((entry) => {
      const [hash, count] = entry.split(':');
      return hash && count ? [[hash, Number(count) || 0] as const] : [];
    }),
  );
  const own = createHash('sha256').update(functionArn).digest('hex').slice(0, 8);
  const count = (counts.get(own) ?? 0) + 1;
  counts.set(own, count);
  const entries = [...counts].map(([hash, value]) => `${hash}:${value}`).join('|');
  const others = fields.filter((field) => !field.startsWith('Lineage=') && !field.startsWith('Sampled='));
  return {
    header: [...others, `Parent=${randomBytes(8).toString('hex')}`, 'Sampled=0', `Lineage=${entries}`].join(';'),
    count,
  };
}
