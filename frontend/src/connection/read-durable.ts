import type { Durable, Usage } from './frames.ts';
import { asFields, defined, type Fields, textOf, wholeOf } from './read-fields.ts';

/**
 * Reads a durable event. One of an unknown kind, or with a field missing, still counts as `other`, so that it leaves no
 * gap; without a `seq` it is no durable event.
 */
export function readDurable(fields: Fields): Durable | undefined {
  const seq = wholeOf(fields, 'seq', 1);
  if (seq === undefined) return undefined;
  return readKnown(fields, defined({ seq, created_at: textOf(fields, 'created_at') })) ?? { type: 'other', seq };
}

function readKnown(fields: Fields, entry: { readonly seq: number; readonly created_at?: string }): Durable | undefined {
  const message = textOf(fields, 'message');
  const in_reply_to = textOf(fields, 'in_reply_to');
  switch (fields.type) {
    case 'user': {
      const message_id = textOf(fields, 'message_id');
      if (message === undefined || message_id === undefined) return undefined;
      return defined({ ...entry, type: 'user' as const, message_id, message, replaces: textOf(fields, 'replaces') });
    }
    case 'assistant': {
      if (message === undefined) return undefined;
      const [agent, model] = [textOf(fields, 'agent'), textOf(fields, 'model')];
      return defined({
        ...entry,
        type: 'assistant' as const,
        in_reply_to,
        message,
        agent,
        model,
        usage: readUsage(fields.usage),
      });
    }
    case 'failed': {
      const retryable = fields.retryable === true;
      const code = textOf(fields, 'code') ?? 'internal';
      return defined({ ...entry, type: 'failed' as const, in_reply_to, code, message: message ?? '', retryable });
    }
    case 'cancelled':
      return defined({ ...entry, type: 'cancelled' as const, in_reply_to, message: message ?? '' });
    case 'regenerate':
      return in_reply_to === undefined ? undefined : { ...entry, type: 'regenerate', in_reply_to };
    case 'renamed': {
      const title = textOf(fields, 'title');
      return title === undefined ? undefined : { ...entry, type: 'renamed', title };
    }
    default:
      return undefined;
  }
}

function readUsage(value: unknown): Usage | undefined {
  const fields = asFields(value);
  if (!fields) return undefined;
  const input_tokens = wholeOf(fields, 'input_tokens');
  const output_tokens = wholeOf(fields, 'output_tokens');
  if (input_tokens === undefined || output_tokens === undefined) return undefined;
  const total_tokens = wholeOf(fields, 'total_tokens') ?? input_tokens + output_tokens;
  const cost = typeof fields.cost === 'number' ? fields.cost : undefined;
  return defined({ input_tokens, output_tokens, total_tokens, cost });
}
