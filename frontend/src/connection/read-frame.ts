import type { Frame } from './frames.ts';
import { readDurable } from './read-durable.ts';
import { defined, type Fields, parseObject, textOf, wholeOf } from './read-fields.ts';

/** Reads one text frame of the server; undefined for what this page does not know and need not count. */
export function readFrame(text: string): Frame | undefined {
  const fields = parseObject(text);
  if (!fields) return undefined;
  return typeof fields.type === 'string' ? readTyped(fields) : readGatewayError(fields);
}

/** API Gateway's own errors have no `type`: `{message, connectionId, requestId}`. */
function readGatewayError(fields: Fields): Frame | undefined {
  const message = textOf(fields, 'message');
  if (message === undefined || !('connectionId' in fields || 'requestId' in fields)) return undefined;
  return { type: 'gateway_error', message };
}

function readTyped(fields: Fields): Frame | undefined {
  switch (fields.type) {
    case 'accepted':
      return readAccepted(fields);
    case 'delta':
      return readDelta(fields);
    case 'status':
      return readStatus(fields);
    case 'part':
      return readPart(fields);
    case 'large': {
      const [seq, href] = [wholeOf(fields, 'seq', 1), textOf(fields, 'href')];
      return seq === undefined || href === undefined ? undefined : { type: 'large', seq, href };
    }
    case 'replayed': {
      const up_to = wholeOf(fields, 'up_to');
      return up_to === undefined ? undefined : { type: 'replayed', up_to };
    }
    case 'error': {
      const [code, message] = [textOf(fields, 'code') ?? 'internal', textOf(fields, 'message') ?? ''];
      return defined({ type: 'error' as const, code, message, message_id: textOf(fields, 'message_id') });
    }
    case 'goaway':
      return { type: 'goaway', reason: textOf(fields, 'reason') ?? textOf(fields, 'message') ?? '' };
    case 'pong':
    case 'session_deleted':
      return { type: fields.type };
    default:
      return readDurable(fields);
  }
}

function readAccepted(fields: Fields): Frame | undefined {
  const [message_id, seq] = [textOf(fields, 'message_id'), wholeOf(fields, 'seq', 1)];
  if (message_id === undefined || seq === undefined) return undefined;
  return { type: 'accepted', message_id, seq, status: fields.status === 'duplicate' ? 'duplicate' : 'accepted' };
}

function readDelta(fields: Fields): Frame | undefined {
  const [in_reply_to, text, index] = [textOf(fields, 'in_reply_to'), textOf(fields, 'text'), wholeOf(fields, 'index')];
  if (in_reply_to === undefined || text === undefined || index === undefined) return undefined;
  const attempt = wholeOf(fields, 'attempt') ?? 1;
  const [from, run] = [wholeOf(fields, 'from'), wholeOf(fields, 'run', 1)];
  return defined({ type: 'delta' as const, in_reply_to, attempt, index, text, from, run });
}

function readStatus(fields: Fields): Frame | undefined {
  const [in_reply_to, state] = [textOf(fields, 'in_reply_to'), textOf(fields, 'state')];
  if (in_reply_to === undefined || state === undefined) return undefined;
  return defined({
    type: 'status' as const,
    in_reply_to,
    state,
    position: wholeOf(fields, 'position'),
    reason: textOf(fields, 'reason'),
    agent: textOf(fields, 'agent'),
    tool: textOf(fields, 'tool'),
    run: wholeOf(fields, 'run', 1),
  });
}

function readPart(fields: Fields): Frame | undefined {
  const [seq, part, of] = [wholeOf(fields, 'seq', 1), wholeOf(fields, 'part', 1), wholeOf(fields, 'of', 1)];
  const data = textOf(fields, 'data');
  if (seq === undefined || part === undefined || of === undefined || data === undefined || part > of) return undefined;
  return { type: 'part', seq, part, of, data };
}
