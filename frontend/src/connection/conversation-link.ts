import {
  type Conversation,
  type End,
  emptyConversation,
  isOpen,
  type Pending,
  type Turn,
} from '../state/conversation.ts';
import { type ChatEvent, reduce } from '../state/reduce.ts';
import { CatchUp } from './catch-up.ts';
import { Courier } from './courier.ts';
import type { ErrorFrame, Frame } from './frames.ts';
import { type Http, Refusal } from './http.ts';
import type { Outbox } from './outbox.ts';
import { type LinkState, SessionSocket } from './session-socket.ts';
import { Transcript } from './transcript.ts';

/** `missing`: there is no such session, or it is someone else's. */
export type LoadState = 'loading' | 'ready' | 'missing';

/** What can be asked about a question that was sent. */
export type Command = 'cancel' | 'regenerate';

export interface LinkOwner {
  /** Something to show has changed. */
  changed(): void;
  /** A run that was awaited has ended. */
  ended(turn: Turn, end: End): void;
  /** The server refused what was asked besides questions (stop, again). */
  refused(error: ErrorFrame, command: Command | undefined): void;
}

export interface LinkSettings {
  readonly sessionId: string;
  readonly http: Http;
  readonly outbox: Outbox;
  /** `ws:` or `wss:` address of the session. */
  readonly url: string;
  readonly owner: LinkOwner;
  /** What is known of the session from an earlier visit. */
  readonly known?: Conversation;
}

/** One conversation and its connection: loads the transcript, keeps it complete, sends what is asked. */
export class ConversationLink {
  readonly sessionId: string;
  readonly #settings: LinkSettings;
  readonly #socket: SessionSocket;
  readonly #catchUp: CatchUp;
  readonly #courier: Courier;
  readonly #transcript: Transcript;
  #conversation: Conversation;
  #load: LoadState = 'loading';
  #closed = false;

  constructor(settings: LinkSettings) {
    this.#settings = settings;
    this.sessionId = settings.sessionId;
    this.#conversation = settings.known ?? emptyConversation;
    for (const unsent of settings.outbox.list(this.sessionId)) {
      this.#conversation = reduce(this.#conversation, { kind: 'asked', pending: { ...unsent, state: 'waiting' } });
    }
    this.#catchUp = new CatchUp({
      conversation: () => this.#conversation,
      resume: (since) => this.#socket.send({ action: 'resume', since }),
    });
    this.#courier = new Courier({
      conversation: () => this.#conversation,
      dispatch: (event) => this.dispatch(event),
      send: (frame) => this.#socket.send(frame),
      post: (question) => settings.http.send(this.sessionId, question),
      connected: () => this.#socket.state.kind === 'open',
    });
    this.#transcript = new Transcript(settings.http, this.sessionId, {
      conversation: () => this.#conversation,
      dispatch: (event) => this.dispatch(event),
      connected: () => this.#socket.state.kind === 'open',
      loaded: () => this.#loaded(),
      gone: () => this.#gone(),
    });
    this.#socket = new SessionSocket(settings.url, {
      opened: () => this.#opened(),
      frame: (frame) => this.#received(frame),
      changed: (state) => this.#linkChanged(state),
      refused: (times) => void this.#refused(times),
      expectant: () => this.#expectant(),
    });
    void this.#transcript.fetch();
  }

  get conversation(): Conversation {
    return this.#conversation;
  }

  get load(): LoadState {
    return this.#load;
  }

  get link(): LinkState {
    return this.#socket.state;
  }

  /** Asks a question; it is kept until the server has it. */
  ask(question: Omit<Pending, 'state'>): void {
    this.#settings.outbox.put({ ...question, session_id: this.sessionId });
    this.dispatch({ kind: 'asked', pending: { ...question, state: 'waiting' } });
  }

  /** Takes back a question that the server does not have. */
  withdraw(messageId: string): void {
    this.dispatch({ kind: 'withdrawn', message_id: messageId });
  }

  /** Stops a run, now or as soon as there is a connection. */
  stop(messageId: string): void {
    this.dispatch({ kind: 'stop', message_id: messageId });
    this.#socket.send({ action: 'cancel', message_id: messageId });
  }

  /** Asks the same question again; false when there is no connection. */
  again(messageId: string): boolean {
    if (!this.#socket.send({ action: 'regenerate', message_id: messageId })) return false;
    this.dispatch({ kind: 'again', message_id: messageId });
    return true;
  }

  /** The network may be back, or the page is looked at again. */
  probe(): void {
    this.#socket.probe();
  }

  close(): void {
    this.#closed = true;
    this.#transcript.stop();
    this.#catchUp.stop();
    this.#courier.stop();
    this.#socket.close();
  }

  dispatch(event: ChatEvent): void {
    const before = this.#conversation;
    this.#conversation = reduce(before, event);
    if (this.#conversation === before) return;
    this.#tidyOutbox(before);
    this.#announce(before);
    this.#transcript.fetchLarge();
    if (this.#load === 'ready') this.#catchUp.check();
    this.#courier.check();
    if (!this.#closed) this.#settings.owner.changed();
  }

  /** What the server has, or was taken back, need not survive a reload. */
  #tidyOutbox(before: Conversation): void {
    if (before.outbox === this.#conversation.outbox) return;
    const kept = new Set(
      this.#conversation.outbox.filter(({ state }) => state !== 'accepted').map(({ message_id }) => message_id),
    );
    for (const { message_id } of before.outbox) if (!kept.has(message_id)) this.#settings.outbox.drop(message_id);
  }

  #announce(before: Conversation): void {
    if (this.#load !== 'ready' || before.turns === this.#conversation.turns) return;
    for (const turn of this.#conversation.turns) {
      const end = turn.ends.at(-1);
      const earlier = before.turns.find(({ message_id }) => message_id === turn.message_id);
      const awaited = earlier ? isOpen(earlier) || before.again.has(turn.message_id) : false;
      if (end && awaited && turn.ends.length > (earlier?.ends.length ?? 0)) this.#settings.owner.ended(turn, end);
    }
  }

  #opened(): void {
    if (this.#load === 'ready') this.#catchUp.ask();
    for (const message_id of this.#conversation.stopping) this.#socket.send({ action: 'cancel', message_id });
    this.#transcript.fetchLarge();
    this.#courier.check();
  }

  #received(frame: Frame): void {
    if (frame.type === 'error' && !this.#courier.take(frame)) this.#commandRefused(frame);
    if (frame.type === 'gateway_error') this.#courier.stumble();
    this.dispatch({ kind: 'frame', frame });
    if (frame.type === 'replayed') this.#catchUp.replayed();
    if (frame.type === 'session_deleted') this.#socket.close();
  }

  #commandRefused(error: ErrorFrame): void {
    const { stopping, again } = this.#conversation;
    const asked = error.message_id === undefined ? [...stopping, ...again] : [error.message_id];
    const command = asked.some((id) => stopping.has(id)) ? 'cancel' : asked.some((id) => again.has(id)) && 'regenerate';
    for (const message_id of asked) this.dispatch({ kind: 'refused', message_id });
    this.#settings.owner.refused(error, command || undefined);
  }

  #linkChanged(state: LinkState): void {
    if (state.kind !== 'open') {
      this.#catchUp.stop();
      this.#courier.stop();
    }
    if (!this.#closed) this.#settings.owner.changed();
  }

  #expectant(): boolean {
    const { turns, outbox, again } = this.#conversation;
    return turns.some(isOpen) || again.size > 0 || outbox.some(({ state }) => state !== 'rejected');
  }

  /** A handshake that fails says nothing of why: the HTTP route does. */
  async #refused(times: number): Promise<void> {
    if (times > 1 && times % 4 !== 0) return;
    try {
      await this.#settings.http.session(this.sessionId);
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) this.#gone();
    }
  }

  #gone(): void {
    this.#load = 'missing';
    this.#socket.close();
    for (const { message_id } of this.#conversation.outbox) {
      this.dispatch({ kind: 'rejected', message_id, code: 'not_found', reason: '' });
    }
    this.#settings.owner.changed();
  }

  #loaded(): void {
    this.#load = 'ready';
    if (this.#socket.state.kind === 'open') this.#catchUp.ask();
    this.#settings.owner.changed();
  }
}
