import * as z from 'zod/mini';
import { uuid } from './ids.ts';

const message = z.object({
  action: z.literal('message'),
  message_id: z.optional(uuid),
  message: z.string(),
  /** Message id of the question that this one is an edit of. */
  replaces: z.optional(uuid),
});
const resume = z.object({ action: z.literal('resume'), since: z.int().check(z.nonnegative()) });
const cancel = z.object({ action: z.literal('cancel'), message_id: uuid });
const regenerate = z.object({ action: z.literal('regenerate'), message_id: uuid });
const ping = z.object({ action: z.literal('ping') });

const frame = z.discriminatedUnion('action', [message, resume, cancel, regenerate, ping]);
/** What a client may send over the WebSocket (contract, section 3). */
export type ClientFrame = z.infer<typeof frame>;

const hints: Record<string, string> = {
  message: '`message` must be a string; `message_id` and `replaces`, if given, UUIDs.',
  resume: '`since` must be a whole number, 0 or more.',
  cancel: '`message_id` must be a UUID.',
  regenerate: '`message_id` must be a UUID.',
};

/** The outcome of reading a frame: what it asks for, or why it can't be understood, in words for the sender. */
export type ParsedFrame =
  | { readonly ok: true; readonly frame: ClientFrame }
  | { readonly ok: false; readonly problem: string; readonly message_id?: string };

/**
 * Reads one text frame. A JSON object with `action` is a command; any other text, JSON without `action` included, is
 * itself the message.
 */
export function parseClientFrame(text: string): ParsedFrame {
  const command = asCommand(text);
  if (!command) return { ok: true, frame: { action: 'message', message: text } };
  const parsed = frame.safeParse(command);
  if (parsed.success) return { ok: true, frame: parsed.data };
  const { action, message_id } = command;
  const hint = typeof action === 'string' ? hints[action] : undefined;
  const problem = hint ?? 'Unknown action; there are message, resume, cancel, regenerate and ping.';
  return uuid.safeParse(message_id).success
    ? { ok: false, problem, message_id: message_id as string }
    : { ok: false, problem };
}

function asCommand(text: string): Record<string, unknown> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'action')) return undefined;
    return value as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
