import { setting } from '../../platform/env.ts';
import { secretValue } from './secret.ts';

/** A key that was just read is not read again for this long, however often the model refuses it, in milliseconds. */
const renewAfterMs = 5_000;

let key: Promise<string> | undefined;
let readAt = 0;

/** The model's API key: from the environment (offline), else from its secret, read once per process. Throws what the read throws. */
export function modelKey(): Promise<string> {
  key ??= read().catch((error: unknown) => {
    key = undefined;
    throw error;
  });
  return key;
}

/**
 * Reads the key again after the model refused it: it may have been changed since this process read it. Gives whether it
 * was, so that asking once more can help.
 */
export async function renewModelKey(): Promise<boolean> {
  const refused = await modelKey();
  if (Date.now() - readAt < renewAfterMs) return false;
  key = undefined;
  return (await modelKey()) !== refused;
}

async function read(): Promise<string> {
  readAt = Date.now();
  return process.env.OPENAI_API_KEY || (await secretValue(setting('OPENAI_SECRET_ARN')));
}
