import type { AppState, Toast } from './app-state.ts';
import type { Store } from './store.ts';

/** Milliseconds for which a toast is shown. */
const shownMs = 6_000;

/** Short messages at the edge of the page: the latest three. */
export class Toasts {
  readonly #store: Store<AppState>;
  #last = 0;

  constructor(store: Store<AppState>) {
    this.#store = store;
  }

  show(text: string, action?: Toast['action']): void {
    const id = ++this.#last;
    this.#store.set({ toasts: [...this.#store.value.toasts.slice(-2), { id, text, ...(action && { action }) }] });
    setTimeout(() => this.dismiss(id), shownMs);
  }

  dismiss(id: number): void {
    this.#store.set({ toasts: this.#store.value.toasts.filter((toast) => toast.id !== id) });
  }
}
