/** Token counts of one answer; `cost` in US dollars where the server knows it. */
export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
  readonly cost?: number;
}

interface Entry {
  /** From 1, without gaps, per session. */
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly created_at?: string;
}

interface End extends Entry {
  /** The question's message id; a foreign producer may leave it out. */
  readonly in_reply_to?: string;
}

export interface UserEvent extends Entry {
  readonly type: 'user';
  readonly message_id: string;
  readonly message: string;
  /** Message id of the question that this one is an edit of. */
  readonly replaces?: string;
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
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

export interface CancelledEvent extends End {
  readonly type: 'cancelled';
  /** What had been written so far. */
  readonly message: string;
}

/** A new run was asked for. */
export interface RegenerateEvent extends Entry {
  readonly type: 'regenerate';
  readonly in_reply_to: string;
}

export interface RenamedEvent extends Entry {
  readonly type: 'renamed';
  readonly title: string;
}

/** A durable event of a kind this page does not know: it only counts. */
export interface OtherEvent extends Entry {
  readonly type: 'other';
}

/** What happened in a session and stays (contract, section 3). */
export type Durable =
  | UserEvent
  | AssistantEvent
  | FailedEvent
  | CancelledEvent
  | RegenerateEvent
  | RenamedEvent
  | OtherEvent;

/** A slice of a durable event's JSON. */
export interface PartFrame {
  readonly type: 'part';
  readonly seq: number;
  /** From 1. */
  readonly part: number;
  readonly of: number;
  readonly data: string;
}

/** A durable event too big for the socket: `href` is the HTTP route that has it. */
export interface LargeFrame {
  readonly type: 'large';
  readonly seq: number;
  readonly href: string;
}

export interface DeltaFrame {
  readonly type: 'delta';
  readonly in_reply_to: string;
  readonly attempt: number;
  /** From 0 in each attempt. */
  readonly index: number;
  readonly text: string;
  /** First index that `text` covers, when it covers several: what a late comer has missed. */
  readonly from?: number;
  /** `seq` of the request that this run answers; tells a run asked for again from what is left of the one before. */
  readonly run?: number;
}

export interface StatusFrame {
  readonly type: 'status';
  readonly in_reply_to: string;
  readonly state: string;
  /** Questions ahead, when queued. */
  readonly position?: number;
  readonly reason?: string;
  readonly agent?: string;
  readonly tool?: string;
  readonly run?: number;
}

export interface AcceptedFrame {
  readonly type: 'accepted';
  readonly message_id: string;
  readonly seq: number;
  readonly status: 'accepted' | 'duplicate';
}

export interface ErrorFrame {
  readonly type: 'error';
  readonly code: string;
  readonly message: string;
  readonly message_id?: string;
}

/** Everything the page understands; `gateway_error` is what API Gateway sends when no function of ours answered. */
export type Frame =
  | Durable
  | PartFrame
  | LargeFrame
  | DeltaFrame
  | StatusFrame
  | AcceptedFrame
  | ErrorFrame
  | { readonly type: 'replayed'; readonly up_to: number }
  | { readonly type: 'pong' }
  | { readonly type: 'goaway'; readonly reason: string }
  | { readonly type: 'session_deleted' }
  | { readonly type: 'gateway_error'; readonly message: string };

/** What the page sends. */
export type ClientFrame =
  | { readonly action: 'message'; readonly message_id: string; readonly message: string; readonly replaces?: string }
  | { readonly action: 'resume'; readonly since: number }
  | { readonly action: 'cancel'; readonly message_id: string }
  | { readonly action: 'regenerate'; readonly message_id: string }
  | { readonly action: 'ping' };
