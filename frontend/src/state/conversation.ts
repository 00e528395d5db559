import type { Durable, StatusFrame, Usage } from '../connection/frames.ts';

/** How one run of a question ended. */
export type End =
  | {
      readonly kind: 'answer';
      readonly seq: number;
      readonly at: string | undefined;
      readonly text: string;
      readonly agent: string | undefined;
      readonly model: string | undefined;
      readonly usage: Usage | undefined;
    }
  | {
      readonly kind: 'failed';
      readonly seq: number;
      readonly at: string | undefined;
      readonly code: string;
      readonly text: string;
      readonly retryable: boolean;
    }
  | { readonly kind: 'cancelled'; readonly seq: number; readonly at: string | undefined; readonly text: string };

/** A question and the ends of its runs, oldest first. */
export interface Turn {
  readonly message_id: string;
  /** None for an answer that came without a question. */
  readonly question: string | undefined;
  readonly seq: number;
  readonly at: string | undefined;
  /** The turn it follows; an edited question follows what the earlier wording followed. */
  readonly parent: string | undefined;
  /** Runs asked for: the question itself, and each time it was asked again. */
  readonly requests: number;
  /** `seq` of the last of them. */
  readonly run: number;
  readonly ends: readonly End[];
}

/** What has been written of an answer that has not ended. */
export interface Live {
  readonly attempt: number;
  readonly run: number | undefined;
  /** Pieces that came before their turn, by index. */
  readonly early: ReadonlyMap<number, string>;
  /** Index of the piece that continues `text`. */
  readonly next: number;
  readonly text: string;
}

/** A question on its way to the server. */
export interface Pending {
  readonly message_id: string;
  readonly message: string;
  /** ISO 8601. */
  readonly created_at: string;
  readonly replaces?: string;
  /** `accepted`: the server has it, and its `user` event is on the way here. */
  readonly state: 'waiting' | 'sent' | 'accepted' | 'rejected';
  /** Why it was rejected. */
  readonly code?: string;
  readonly reason?: string;
}

/** Slices of an event's JSON that have come so far. */
export interface Parts {
  readonly of: number;
  readonly got: ReadonlyMap<number, string>;
}

/** Everything the page knows of one session. Replaced, never changed. */
export interface Conversation {
  /** All events up to this `seq` are applied. */
  readonly lastSeq: number;
  /** An event with this `seq` is known to exist. Above `lastSeq`, something is missing. */
  readonly knownSeq: number;
  /** Events that came before their turn. */
  readonly held: ReadonlyMap<number, Durable>;
  readonly parts: ReadonlyMap<number, Parts>;
  /** Where to fetch events that are too big for the socket. */
  readonly large: ReadonlyMap<number, string>;
  readonly turns: readonly Turn[];
  readonly live: ReadonlyMap<string, Live>;
  readonly status: ReadonlyMap<string, StatusFrame>;
  readonly outbox: readonly Pending[];
  /** Questions whose run was asked to stop. */
  readonly stopping: ReadonlySet<string>;
  /** Questions asked again, until the server shows that it knows. */
  readonly again: ReadonlySet<string>;
  /** Wordings chosen among edits of one question: by the turn they follow. */
  readonly chosenTurn: ReadonlyMap<string, string>;
  /** Ends chosen among several of one question: index by message id. */
  readonly chosenEnd: ReadonlyMap<string, number>;
  readonly deleted: boolean;
  readonly title: string | undefined;
}

export const emptyConversation: Conversation = {
  lastSeq: 0,
  knownSeq: 0,
  held: new Map(),
  parts: new Map(),
  large: new Map(),
  turns: [],
  live: new Map(),
  status: new Map(),
  outbox: [],
  stopping: new Set(),
  again: new Set(),
  chosenTurn: new Map(),
  chosenEnd: new Map(),
  deleted: false,
  title: undefined,
};

/** True when an event is known to exist that has not come. */
export function hasGap(conversation: Conversation): boolean {
  return conversation.knownSeq > conversation.lastSeq;
}

/** True while the question waits for an end. */
export function isOpen(turn: Turn): boolean {
  return turn.requests > turn.ends.length;
}
