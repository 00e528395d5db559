import type { Chat } from '../connection/chat.ts';

/**
 * Tells the chat what the browser notices: the network coming and going, the page being looked at again, the page being
 * left. The browser's idea of "offline" is not trusted, since a server on the same machine needs no network.
 */
export function watchSurroundings(chat: Chat): void {
  const networkChanged = () => {
    chat.store.set({ offline: !navigator.onLine });
    chat.probe();
  };
  addEventListener('online', networkChanged);
  addEventListener('offline', networkChanged);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') chat.probe();
  });
  addEventListener('pageshow', ({ persisted }) => persisted && chat.probe());
  addEventListener('pagehide', () => chat.directory.flush());
  chat.store.set({ offline: !navigator.onLine });
}
