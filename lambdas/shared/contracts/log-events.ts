/** Token counts of one answer, as the model reported them. */
export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
}

/** Codes of `failed` (contract, section 3). */
export const failureCodes = [
  'model_unavailable',
  'model_rate_limited',
  'model_timeout',
  'internal',
  'model_rejected',
  'model_misconfigured',
  'expired',
] as const;
export type FailureCode = (typeof failureCodes)[number];

/** True for the failures after which asking again can help. */
export function isRetryable(code: FailureCode): boolean {
  return (
    code === 'model_unavailable' || code === 'model_rate_limited' || code === 'model_timeout' || code === 'internal'
  );
}

interface Entry {
  /** From 1, without gaps, per session. */
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly created_at: string;
}

/** A question as it was accepted. */
export interface UserEvent extends Entry {
  readonly type: 'user';
  readonly message_id: string;
  readonly message: string;
  /** Message id of the question that this one is an edit of, and that question's `seq`. */
  readonly replaces?: string;
  readonly replaces_seq?: number;
}

/** A new answer to a question was asked for. */
export interface RegenerateEvent extends Entry {
  readonly type: 'regenerate';
  /** The question's message id, and its `seq`. */
  readonly in_reply_to: string;
  readonly question_seq: number;
}

/** What a session owes an end for. */
export type RequestEvent = UserEvent | RegenerateEvent;

/** A request that waits its turn is not to be answered. */
export interface CancelEvent extends Entry {
  readonly type: 'cancel';
  readonly in_reply_to: string;
}

/** The session has a new title. */
export interface RenamedEvent extends Entry {
  readonly type: 'renamed';
  readonly title: string;
}

interface End extends Entry {
  readonly message_id: string;
  /** The question's message id; none for an answer that a foreign producer sent without one. */
  readonly in_reply_to?: string;
  /** `seq` of the request that this is the end of. */
  readonly ends?: number;
}

export interface AssistantEvent extends End {
  readonly type: 'assistant';
  readonly message: string;
  readonly agent?: string;
  readonly model?: string;
  readonly usage?: Usage;
}

export interface FailedEvent extends End {
  readonly type: 'failed';
  readonly code: FailureCode;
  readonly message: string;
  readonly retryable: boolean;
}

export interface CancelledEvent extends End {
  readonly type: 'cancelled';
  /** What had been written so far. */
  readonly message: string;
}

export type EndEvent = AssistantEvent | FailedEvent | CancelledEvent;

/** What a session's log holds: everything durable that happened in it, in order. */
export type LogEvent = RequestEvent | CancelEvent | RenamedEvent | EndEvent;

type WithoutSeq<T> = T extends unknown ? Omit<T, 'seq'> : never;
/** An event that has no place in the log yet. */
export type Draft<T extends LogEvent = LogEvent> = WithoutSeq<T>;

/** An event without its text: what the queue and its order are made of, in a few hundred bytes whatever people write. */
export type Outline<T extends LogEvent = LogEvent> = T extends unknown ? Omit<T, 'message'> : never;

/** True for what a session owes an end for. */
export function isRequest<T extends Outline>(event: T): event is Extract<T, { type: RequestEvent['type'] }> {
  return event.type === 'user' || event.type === 'regenerate';
}

/** Message id of the question that a request is about. */
export function questionOf(request: Outline<RequestEvent>): string {
  return request.type === 'user' ? request.message_id : request.in_reply_to;
}

/** True for what ends a request. */
export function isEnd<T extends Outline>(event: T): event is Extract<T, { type: EndEvent['type'] }> {
  return event.type === 'assistant' || event.type === 'failed' || event.type === 'cancelled';
}
