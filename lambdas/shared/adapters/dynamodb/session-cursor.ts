import { ChatError } from '../../domain/errors.ts';
import type { Item } from './table.ts';

/** Where a list goes on, opaque to callers: the session and its time. */
export function encodeCursor({ pk, updated_at }: Item): string {
  return Buffer.from(JSON.stringify([pk, updated_at])).toString('base64url');
}

/** Throws `invalid_request` for one that is not ours. */
export function decodeCursor(name: string, cursor: string): Item {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const [pk, updated_at] = Array.isArray(value) ? (value as unknown[]) : [];
    if (typeof pk === 'string' && typeof updated_at === 'string' && pk !== '' && updated_at !== '') {
      return { pk, sk: 'SESSION', owner: name, updated_at };
    }
  } catch {
    // Told below.
  }
  throw new ChatError('invalid_request', '`cursor` is not one that this route gave.');
}
