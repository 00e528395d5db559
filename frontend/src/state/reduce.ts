import type { Durable, Frame } from '../connection/frames.ts';
import { markAgain } from './apply.ts';
import { arrive, arriveAsPage, arriveByReference, arriveInPart, learn } from './arrive.ts';
import { withEntry, withMember, withoutMember } from './collections.ts';
import type { Conversation, Pending } from './conversation.ts';
import { note, stream } from './stream.ts';

/** Everything that can happen to a conversation: what the server sends, and what the person does. */
export type ChatEvent =
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'page'; readonly since: number; readonly rows: readonly Durable[]; readonly upTo: number }
  | { readonly kind: 'asked'; readonly pending: Pending }
  | { readonly kind: 'sent' | 'unsent' | 'withdrawn'; readonly message_id: string }
  | { readonly kind: 'rejected'; readonly message_id: string; readonly code: string; readonly reason: string }
  | { readonly kind: 'stop' | 'again' | 'refused'; readonly message_id: string }
  | { readonly kind: 'choose_turn'; readonly parent: string | undefined; readonly message_id: string }
  | { readonly kind: 'choose_end'; readonly message_id: string; readonly index: number };

/** Key of the wordings of the first question in `chosenTurn`. */
export const atStart = '';

/** The conversation after an event. Pure: the same events in any order that a resume completes give the same view. */
export function reduce(conversation: Conversation, event: ChatEvent): Conversation {
  switch (event.kind) {
    case 'frame':
      return receive(conversation, event.frame);
    case 'page':
      return arriveAsPage(conversation, event.since, event.rows, event.upTo);
    case 'asked':
      return ask(conversation, event.pending);
    case 'sent':
      return update(conversation, event.message_id, (item) =>
        item.state === 'waiting' ? { ...item, state: 'sent' } : item,
      );
    case 'unsent':
      return update(conversation, event.message_id, (item) =>
        item.state === 'sent' ? { ...item, state: 'waiting' } : item,
      );
    case 'withdrawn':
      return { ...conversation, outbox: conversation.outbox.filter((item) => item.message_id !== event.message_id) };
    case 'rejected':
      return update(conversation, event.message_id, (item) =>
        item.state === 'accepted' ? item : { ...item, state: 'rejected', code: event.code, reason: event.reason },
      );
    case 'stop':
      return { ...conversation, stopping: withMember(conversation.stopping, event.message_id) };
    case 'again':
      return markAgain(conversation, event.message_id);
    case 'refused':
      return {
        ...conversation,
        stopping: withoutMember(conversation.stopping, event.message_id),
        again: withoutMember(conversation.again, event.message_id),
      };
    case 'choose_turn':
      return {
        ...conversation,
        chosenTurn: withEntry(conversation.chosenTurn, event.parent ?? atStart, event.message_id),
      };
    case 'choose_end':
      return { ...conversation, chosenEnd: withEntry(conversation.chosenEnd, event.message_id, event.index) };
  }
}

function receive(conversation: Conversation, frame: Frame): Conversation {
  switch (frame.type) {
    case 'user':
    case 'assistant':
    case 'failed':
    case 'cancelled':
    case 'regenerate':
    case 'renamed':
    case 'other':
      return arrive(conversation, frame);
    case 'part':
      return arriveInPart(conversation, frame);
    case 'large':
      return arriveByReference(conversation, frame);
    case 'delta':
      return stream(conversation, frame);
    case 'status':
      return note(conversation, frame);
    case 'accepted':
      return learn(
        update(conversation, frame.message_id, (item) => ({ ...item, state: 'accepted' })),
        frame.seq,
      );
    case 'replayed':
      return learn(conversation, frame.up_to);
    case 'session_deleted':
      return { ...conversation, deleted: true };
    case 'error':
    case 'gateway_error':
    case 'pong':
    case 'goaway':
      // Answers to what the connection asked: it acts on them, the transcript does not change.
      return conversation;
  }
}

function ask(conversation: Conversation, pending: Pending): Conversation {
  const known =
    conversation.outbox.some(({ message_id }) => message_id === pending.message_id) ||
    conversation.turns.some(({ message_id }) => message_id === pending.message_id);
  if (known) return conversation;
  return { ...conversation, outbox: [...conversation.outbox, pending], chosenTurn: new Map() };
}

function update(conversation: Conversation, messageId: string, change: (item: Pending) => Pending): Conversation {
  if (!conversation.outbox.some(({ message_id }) => message_id === messageId)) return conversation;
  const outbox = conversation.outbox.map((item) => (item.message_id === messageId ? change(item) : item));
  return { ...conversation, outbox };
}
