/** A frame from the server as an outsider sees it: contract, section 3. */
export interface Frame {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A frame that has its place in the session's order. */
export interface DurableFrame extends Frame {
  readonly seq: number;
  readonly message?: string;
  readonly message_id?: string;
  readonly in_reply_to?: string;
  readonly code?: string;
  readonly replay?: boolean;
}

export interface AcceptedFrame extends Frame {
  readonly type: 'accepted';
  readonly message_id: string;
  readonly seq: number;
  readonly status: 'accepted' | 'duplicate';
}

export interface ErrorFrame extends Frame {
  readonly type: 'error';
  readonly code: string;
  readonly message: string;
  readonly message_id?: string;
}

const ends = new Set(['assistant', 'failed', 'cancelled']);

/** `accepted` tells a `seq` too, but that is its question's. */
export function isDurable(frame: Frame): frame is DurableFrame {
  return typeof frame.seq === 'number' && frame.type !== 'accepted' && frame.type !== 'part' && frame.type !== 'large';
}

/** True for what ends a message: exactly one of these follows each that was accepted. */
export function isEnd(frame: Frame): frame is DurableFrame & { readonly in_reply_to: string } {
  return ends.has(frame.type) && isDurable(frame) && typeof frame.in_reply_to === 'string';
}
