import type { Command, LoadState } from '../connection/conversation-link.ts';
import type { Health } from '../connection/read-http.ts';
import type { LinkState } from '../connection/session-socket.ts';
import { type Conversation, emptyConversation } from './conversation.ts';
import { emptyList, type SessionList } from './session-list.ts';

/** A short message to the person, perhaps with something to do about it. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** Everything that is on the screen. */
export interface AppState {
  /** The session that is open; undefined for a new chat. */
  readonly sessionId: string | undefined;
  readonly list: SessionList;
  readonly conversation: Conversation;
  readonly load: LoadState;
  readonly link: LinkState;
  readonly model: Health['model'];
  readonly toasts: readonly Toast[];
  /** Text for screen readers: the answer that came last. */
  readonly announcement: string;
  /** Commands that this server turned out not to know. */
  readonly unsupported: ReadonlySet<Command>;
  /** The device says that it has no network, which a server on the same machine does not need. */
  readonly offline: boolean;
}

export const initialState: AppState = {
  sessionId: undefined,
  list: emptyList,
  conversation: emptyConversation,
  load: 'ready',
  link: { kind: 'connecting' },
  model: undefined,
  toasts: [],
  announcement: '',
  unsupported: new Set(),
  offline: false,
};
