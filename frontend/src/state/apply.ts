import type {
  AssistantEvent,
  CancelledEvent,
  Durable,
  FailedEvent,
  RegenerateEvent,
  UserEvent,
} from '../connection/frames.ts';
import { withMember, withoutKey, withoutMember } from './collections.ts';
import { type Conversation, type End, isOpen, type Turn } from './conversation.ts';

/** Applies the next durable event: the one after `lastSeq`. */
export function apply(conversation: Conversation, event: Durable): Conversation {
  const counted = { ...conversation, lastSeq: event.seq };
  switch (event.type) {
    case 'user':
      return ask(counted, event);
    case 'assistant':
    case 'failed':
    case 'cancelled':
      return end(counted, event);
    case 'regenerate':
      return askAgain(counted, event);
    case 'renamed':
      return { ...counted, title: event.title };
    case 'other':
      return counted;
  }
}

function ask(conversation: Conversation, event: UserEvent): Conversation {
  return {
    ...conversation,
    turns: withQuestion(conversation.turns, event),
    outbox: conversation.outbox.filter(({ message_id }) => message_id !== event.message_id),
    // What was chosen to look at gives way to what is being asked now.
    chosenTurn: new Map(),
  };
}

function withQuestion(turns: readonly Turn[], event: UserEvent): readonly Turn[] {
  const { message_id, message: question, seq, created_at: at } = event;
  // An answer that came without its question has a turn already.
  if (turns.some((turn) => turn.message_id === message_id)) {
    return turns.map((turn) => (turn.message_id === message_id ? { ...turn, question } : turn));
  }
  const earlier = turns.find((turn) => turn.message_id === event.replaces);
  const parent = earlier ? earlier.parent : turns.at(-1)?.message_id;
  return [...turns, { message_id, question, seq, at, parent, requests: 1, run: seq, ends: [] }];
}

function askAgain(conversation: Conversation, { in_reply_to: messageId, seq }: RegenerateEvent): Conversation {
  // What the new run has sent may have overtaken the news of it.
  const begun = conversation.live.get(messageId)?.run === seq;
  const told = conversation.status.get(messageId)?.run === seq;
  return {
    ...conversation,
    turns: conversation.turns.map((turn) =>
      turn.message_id === messageId ? { ...turn, requests: turn.requests + 1, run: seq } : turn,
    ),
    live: begun ? conversation.live : withoutKey(conversation.live, messageId),
    status: told ? conversation.status : withoutKey(conversation.status, messageId),
    again: withoutMember(conversation.again, messageId),
    chosenEnd: withoutKey(conversation.chosenEnd, messageId),
  };
}

function end(conversation: Conversation, event: AssistantEvent | FailedEvent | CancelledEvent): Conversation {
  const turn = turnOf(conversation, event.in_reply_to);
  if (!turn) return { ...conversation, turns: [...conversation.turns, lone(conversation, event)] };
  const ends = [...turn.ends, toEnd(event)];
  const requests = Math.max(turn.requests, ends.length);
  const id = turn.message_id;
  return {
    ...conversation,
    turns: conversation.turns.map((other) => (other === turn ? { ...turn, ends, requests } : other)),
    live: withoutKey(conversation.live, id),
    status: withoutKey(conversation.status, id),
    stopping: withoutMember(conversation.stopping, id),
    again: withoutMember(conversation.again, id),
    chosenEnd: withoutKey(conversation.chosenEnd, id),
  };
}

/** The question that an end belongs to. Ends come in the order of the requests, so one that names none is the oldest's. */
function turnOf(conversation: Conversation, messageId: string | undefined): Turn | undefined {
  if (messageId !== undefined) return conversation.turns.find(({ message_id }) => message_id === messageId);
  const open = conversation.turns.filter(isOpen);
  return open.find(({ run }) => open.every((other) => run <= other.run));
}

/** A turn for an answer whose question is not known. */
function lone(conversation: Conversation, event: AssistantEvent | FailedEvent | CancelledEvent): Turn {
  return {
    message_id: event.in_reply_to ?? `seq-${event.seq}`,
    question: undefined,
    seq: event.seq,
    at: event.created_at,
    parent: conversation.turns.at(-1)?.message_id,
    requests: 1,
    run: event.seq,
    ends: [toEnd(event)],
  };
}

function toEnd(event: AssistantEvent | FailedEvent | CancelledEvent): End {
  const common = { seq: event.seq, at: event.created_at, text: event.message };
  switch (event.type) {
    case 'assistant':
      return { ...common, kind: 'answer', agent: event.agent, model: event.model, usage: event.usage };
    case 'failed':
      return { ...common, kind: 'failed', code: event.code, retryable: event.retryable };
    case 'cancelled':
      return { ...common, kind: 'cancelled' };
  }
}

/** Marks a question as asked again by this page. */
export function markAgain(conversation: Conversation, messageId: string): Conversation {
  return {
    ...conversation,
    again: withMember(conversation.again, messageId),
    chosenEnd: withoutKey(conversation.chosenEnd, messageId),
  };
}
