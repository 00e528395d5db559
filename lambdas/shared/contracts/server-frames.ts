import type { LogEvent } from './log-events.ts';

/** Stable codes of errors, over HTTP and over the WebSocket alike. */
export type ErrorCode =
  | 'invalid_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'rate_limited'
  | 'unavailable'
  | 'internal';

/** Replies to a frame; they carry no `seq`. */
export type ReplyFrame =
  | { readonly type: 'accepted'; readonly message_id: string; readonly seq: number; readonly status: AcceptStatus }
  | { readonly type: 'replayed'; readonly up_to: number }
  | { readonly type: 'error'; readonly code: ErrorCode; readonly message: string; readonly message_id?: string }
  | { readonly type: 'pong' }
  | { readonly type: 'goaway'; readonly reason: string }
  | { readonly type: 'session_deleted'; readonly session_id: string };

export type AcceptStatus = 'accepted' | 'duplicate';

/** May be lost without harm. */
export type EphemeralFrame =
  | {
      readonly type: 'delta';
      readonly in_reply_to: string;
      readonly attempt: number;
      /** From 0 in each attempt. */
      readonly index: number;
      readonly text: string;
      /** 0 where `text` is everything written so far, for a client that came late. */
      readonly from?: 0;
      /** `seq` of the request that is being answered. */
      readonly run: number;
    }
  | {
      readonly type: 'status';
      readonly in_reply_to: string;
      readonly state: 'queued' | 'started' | 'retrying' | 'cancelling';
      /** Requests before it, when queued. */
      readonly position?: number;
      readonly reason?: string;
      readonly run?: number;
    };

/** A durable event on the wire. */
export type DurableFrame = LogEvent & { readonly session_id: string; readonly replay?: true };

export type ServerFrame = ReplyFrame | EphemeralFrame | DurableFrame;
