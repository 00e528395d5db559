import { announcementOf } from '../state/announcement.ts';
import { type AppState, initialState } from '../state/app-state.ts';
import { type End, emptyConversation, type Pending } from '../state/conversation.ts';
import { reduce } from '../state/reduce.ts';
import { Store } from '../state/store.ts';
import { Toasts } from '../state/toasts.ts';
import { Visited } from '../state/visited.ts';
import { t } from '../strings.ts';
import { type Command, ConversationLink } from './conversation-link.ts';
import { Drafts } from './drafts.ts';
import type { ErrorFrame } from './frames.ts';
import type { Http, Refusal } from './http.ts';
import type { Outbox } from './outbox.ts';
import type { SessionSummary } from './read-http.ts';
import type { Trace } from './read-trace.ts';
import { SessionDirectory } from './session-directory.ts';
import { sendStragglers } from './stragglers.ts';
import { backoff } from './timing.ts';
import { newUuid } from './uuid.ts';

/** What the page's surroundings do for it. */
export interface Surroundings {
  readonly http: Http;
  readonly outbox: Outbox;
  /** `ws:` or `wss:` origin. */
  readonly wsOrigin: string;
  /** Shows the address of a session, or of a new chat; `replace` where going back should skip it. */
  show(sessionId: string | undefined, replace: boolean): void;
  tellOthers(): void;
}

/** Everything that can be done on the page. Its `store` is what the page shows. */
export class Chat {
  readonly store = new Store<AppState>(initialState);
  readonly toasts = new Toasts(this.store);
  readonly directory: SessionDirectory;
  readonly #around: Surroundings;
  readonly #drafts: Drafts;
  readonly #visited = new Visited();
  #link: ConversationLink | undefined;
  #reload: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;

  constructor(around: Surroundings) {
    this.#around = around;
    this.directory = new SessionDirectory({
      store: this.store,
      http: around.http,
      toast: (text, action) => this.toasts.show(text, action),
      tellOthers: () => around.tellOthers(),
    });
    this.#drafts = new Drafts(around.http, around.outbox, {
      created: (session) => this.#created(session),
      delayed: (at) => !this.#link && this.store.set({ link: { kind: 'waiting', at } }),
      refused: (error) => this.#draftsRefused(error),
    });
  }

  /** Loads the list and what is known of the server, and sends what was left over from an earlier visit. */
  async start(): Promise<void> {
    await this.refresh();
    this.#around.http.health().then(
      ({ model }) => this.store.set({ model }),
      () => undefined,
    );
  }

  /** Opens a session, or a new chat. */
  open(sessionId: string | undefined): void {
    if (this.#link && this.#link.sessionId === sessionId) return;
    this.#leave();
    if (sessionId === undefined) this.#openDraft();
    else this.#openSession(sessionId);
  }

  #openSession(sessionId: string): void {
    const known = this.#visited.get(sessionId);
    this.#link = new ConversationLink({
      sessionId,
      http: this.#around.http,
      outbox: this.#around.outbox,
      url: `${this.#around.wsOrigin}/ws/${sessionId}`,
      ...(known && { known }),
      owner: {
        changed: () => this.#changed(),
        ended: (_turn, end) => this.#ended(end),
        refused: (error, command) => this.#refused(error, command),
      },
    });
    this.store.set({ sessionId, announcement: '' });
    this.#changed();
  }

  ask(message: string, replaces?: string): void {
    const question = {
      message_id: newUuid(),
      message,
      created_at: new Date().toISOString(),
      ...(replaces !== undefined && { replaces }),
    };
    if (this.#link) this.#link.ask(question);
    else this.#askInNewChat(question);
  }

  #askInNewChat(question: Omit<Pending, 'state'>): void {
    this.#around.outbox.put({ ...question, session_id: '' });
    const pending = { ...question, state: 'waiting' as const };
    this.store.set({ conversation: reduce(this.store.value.conversation, { kind: 'asked', pending }) });
    this.#drafts.check();
  }

  stop(messageId: string): void {
    this.#link?.stop(messageId);
  }

  again(messageId: string): void {
    if (this.#link && !this.#link.again(messageId)) this.toasts.show(t.notConnected);
  }

  /** Takes back a question that was not sent. */
  withdraw(messageId: string): void {
    if (this.#link) {
      this.#link.withdraw(messageId);
      return;
    }
    this.#around.outbox.drop(messageId);
    this.store.set({
      conversation: reduce(this.store.value.conversation, { kind: 'withdrawn', message_id: messageId }),
    });
  }

  chooseEnd(messageId: string, index: number): void {
    this.#link?.dispatch({ kind: 'choose_end', message_id: messageId, index });
  }

  chooseTurn(parent: string | undefined, messageId: string): void {
    this.#link?.dispatch({ kind: 'choose_turn', parent, message_id: messageId });
  }

  async forget(sessionId: string): Promise<void> {
    try {
      await this.#around.http.forget(sessionId);
      this.toasts.show(t.forgotten);
    } catch {
      this.toasts.show(t.forgetFailed);
    }
  }

  /** The way of a message; undefined when the server keeps none. Throws when it could not be asked. */
  async trace(messageId: string): Promise<Trace | undefined> {
    return this.#link ? this.#around.http.trace(this.#link.sessionId, messageId) : undefined;
  }

  /** Something suggests that the network has changed, or the person wants it tried now. */
  probe(): void {
    this.#link?.probe();
    if (!this.#link) void this.refresh();
    else void sendStragglers(this.#around.http, this.#around.outbox, this.#link.sessionId);
  }

  /** Loads the list again; where no session is open, that shows whether there is a connection. */
  async refresh(): Promise<void> {
    clearTimeout(this.#reload);
    const reached = await this.directory.load();
    if (reached) {
      this.#attempt = 0;
      if (!this.#link) this.store.set({ link: { kind: 'open' } });
      this.#drafts.check();
      await sendStragglers(this.#around.http, this.#around.outbox, this.#link?.sessionId);
      return;
    }
    const wait = backoff(this.#attempt++);
    if (!this.#link) this.store.set({ link: { kind: 'waiting', at: Date.now() + wait } });
    this.#reload = setTimeout(() => void this.refresh(), wait);
  }

  #leave(): void {
    if (!this.#link) return;
    const { sessionId, conversation, load } = this.#link;
    this.#link.close();
    if (load === 'ready') this.#visited.keep(sessionId, conversation);
    else this.#visited.forget(sessionId);
    this.#link = undefined;
    void sendStragglers(this.#around.http, this.#around.outbox, undefined);
  }

  #openDraft(): void {
    const conversation = this.#around.outbox
      .list('')
      .reduce(
        (sum, unsent) => reduce(sum, { kind: 'asked', pending: { ...unsent, state: 'waiting' } }),
        emptyConversation,
      );
    const { state } = this.store.value.list;
    this.store.set({
      sessionId: undefined,
      conversation,
      load: 'ready',
      announcement: '',
      link: { kind: state === 'ready' ? 'open' : 'connecting' },
    });
    this.#drafts.check();
  }

  #created(session: SessionSummary): void {
    this.directory.add(session);
    if (this.#link) return void sendStragglers(this.#around.http, this.#around.outbox, this.#link.sessionId);
    this.#around.show(session.session_id, true);
    this.open(session.session_id);
  }

  #draftsRefused({ code, message }: Refusal): void {
    for (const { message_id } of this.#around.outbox.list('')) {
      const event = { kind: 'rejected' as const, message_id, code, reason: message };
      if (!this.#link) this.store.set({ conversation: reduce(this.store.value.conversation, event) });
    }
  }

  #changed(): void {
    if (!this.#link) return;
    const { conversation, load, link, sessionId } = this.#link;
    const renamed = conversation.title !== this.store.value.conversation.title;
    this.store.set({ conversation, load, link });
    if (renamed && conversation.title !== undefined) this.directory.titled(sessionId, conversation.title);
  }

  #ended(end: End): void {
    if (!this.#link) return;
    this.store.set({ announcement: announcementOf(end) });
    this.directory.touched(this.#link.sessionId);
  }

  #refused({ code, message }: ErrorFrame, command: Command | undefined): void {
    if (command === undefined || code !== 'invalid_request') {
      this.toasts.show(message || t.failure);
      return;
    }
    this.store.set({ unsupported: new Set([...this.store.value.unsupported, command]) });
    this.toasts.show(command === 'cancel' ? t.cannotStop : t.cannotAgain);
  }
}
