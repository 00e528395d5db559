import type { AppState, Toast } from '../state/app-state.ts';
import { change, merge, remove, type SessionList } from '../state/session-list.ts';
import type { Store } from '../state/store.ts';
import { t } from '../strings.ts';
import { type Http, Refusal } from './http.ts';
import type { SessionSummary } from './read-http.ts';
import { Removals } from './removals.ts';

/** What the directory needs of the page. */
export interface DirectoryPort {
  readonly store: Store<AppState>;
  readonly http: Http;
  toast(text: string, action?: Toast['action']): void;
  /** Tells the other tabs that the list has changed. */
  tellOthers(): void;
}

/** The list of sessions: loads, names and deletes them. */
export class SessionDirectory {
  readonly #port: DirectoryPort;
  readonly #removals = new Removals((id) => void this.#removeNow(id));

  constructor(port: DirectoryPort) {
    this.#port = port;
  }

  /** Loads the latest sessions; false when the server could not be reached. */
  async load(): Promise<boolean> {
    try {
      const { sessions, cursor } = await this.#port.http.sessions();
      this.#set({ ...merge({ ...this.#list, sessions: [] }, sessions), cursor, state: 'ready' });
      return true;
    } catch (error) {
      if (this.#list.state !== 'ready') this.#set({ ...this.#list, state: 'failed' });
      return error instanceof Refusal && !error.passing;
    }
  }

  /** Loads the next page of older ones. */
  async more(): Promise<void> {
    const { cursor } = this.#list;
    if (cursor === undefined) return;
    try {
      const page = await this.#port.http.sessions(cursor);
      this.#set({ ...merge(this.#list, page.sessions), cursor: page.cursor });
    } catch {
      this.#port.toast(t.listFailed);
    }
  }

  add(session: SessionSummary): void {
    this.#set(merge(this.#list, [session]));
    this.#port.tellOthers();
  }

  async rename(id: string, title: string): Promise<void> {
    const before = this.#list.sessions.find(({ session_id }) => session_id === id)?.title;
    if (title === '' || title === before) return;
    this.titled(id, title);
    try {
      await this.#port.http.rename(id, title);
      this.#port.tellOthers();
    } catch {
      this.titled(id, before);
      this.#port.toast(t.renameFailed);
    }
  }

  /** Notes a title that the server gave. */
  titled(id: string, title: string | undefined): void {
    this.#set(change(this.#list, id, { title }));
  }

  /** Something happened in a session: it moves up. Its title, if it has none yet, comes from the server with the answer. */
  touched(id: string): void {
    this.#set(change(this.#list, id, { updated_at: new Date().toISOString() }));
  }

  /** Deletes a session, unless it is undone soon. */
  remove(id: string, title: string): void {
    this.#set({ ...this.#list, leaving: new Set([...this.#list.leaving, id]) });
    this.#removals.add(id);
    this.#port.toast(t.deleted(title), { label: t.undo, run: () => this.#restore(id) });
  }

  /** The page is going: what was deleted must not come back. */
  flush(): void {
    this.#removals.flush();
  }

  #restore(id: string): void {
    this.#removals.undo(id);
    const leaving = new Set(this.#list.leaving);
    leaving.delete(id);
    this.#set({ ...this.#list, leaving });
  }

  async #removeNow(id: string): Promise<void> {
    try {
      await this.#port.http.remove(id);
      this.#set(remove(this.#list, id));
      this.#port.tellOthers();
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) return this.#set(remove(this.#list, id));
      this.#restore(id);
      this.#port.toast(t.deleteFailed);
    }
  }

  get #list(): SessionList {
    return this.#port.store.value.list;
  }

  #set(list: SessionList): void {
    this.#port.store.set({ list });
  }
}
