import type { RecordHeader } from '../../local/kafka/wire/record-batch.ts';

/** Reading what anyone may have written: each gives undefined for what is not there, and none throws. */
export function jsonOf(value: Buffer | null): unknown {
  try {
    return value === null ? undefined : JSON.parse(value.toString('utf8'));
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function header(headers: readonly RecordHeader[], name: string): string | undefined {
  return headers.findLast(({ key }) => key === name)?.value?.toString('utf8');
}

/** Text where the bytes are text, else base64. */
export function textOf(bytes: Buffer | null): string | null {
  if (bytes === null) return null;
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : `base64:${bytes.toString('base64')}`;
}
