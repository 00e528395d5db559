import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Chat } from '../connection/chat.ts';
import { running, thread } from '../state/thread.ts';
import { t } from '../strings.ts';
import { Composer } from './composer.tsx';
import { draftOf, keepDraft } from './drafts.ts';
import { EmptyState } from './empty-state.tsx';
import { Header } from './header.tsx';
import { Notice } from './notice.tsx';
import { Sidebar } from './sidebar.tsx';
import { ThreadView } from './thread-view.tsx';
import { Toasts } from './toasts.tsx';
import { useShortcuts } from './use-shortcuts.ts';
import { useStore } from './use-store.ts';

interface AppProps {
  readonly chat: Chat;
  /** Opens a session, or a new chat, and shows its address. */
  readonly go: (sessionId: string | undefined) => void;
}

/** The page. */
export function App({ chat, go }: AppProps) {
  const state = useStore(chat.store);
  const { sessionId, conversation, load, link } = state;
  const [menuOpen, setMenuOpen] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const exchanges = useMemo(() => thread(conversation), [conversation]);
  const [text, setText] = useDraft(sessionId, exchanges[0]?.key);
  const current = running(exchanges);
  const leave = useCallback(
    (id: string | undefined) => {
      setMenuOpen(false);
      go(id);
      box.current?.focus();
    },
    [go],
  );
  const refill = useCallback(
    (refilled: string) => {
      setText((typed) => (typed === '' ? refilled : `${refilled}\n${typed}`));
      box.current?.focus();
    },
    [setText],
  );
  const send = (question: string) => {
    setText('');
    chat.ask(question);
  };
  const stop = current && !state.unsupported.has('cancel') ? () => chat.stop(current.key) : undefined;
  useShortcuts({
    stop,
    newChat: () => leave(undefined),
    focusBox: () => box.current?.focus(),
    openMenu: () => setMenuOpen(true),
  });
  useEffect(() => {
    // On a phone this would bring up the keyboard.
    if (!matchMedia('(pointer: coarse)').matches) box.current?.focus();
  }, []);
  useTitle(state.list.sessions.find(({ session_id }) => session_id === sessionId)?.title);
  const demo = state.model?.demo ?? false;
  const open = load !== 'missing' && !conversation.deleted;
  const blank = open && exchanges.length === 0 && load === 'ready';
  return (
    <div class={menuOpen ? 'app menu-open' : 'app'}>
      {open && (
        <a class="skip" href="#message">
          {t.skip}
        </a>
      )}
      <Sidebar
        chat={chat}
        state={state}
        firstQuestion={exchanges[0]?.question}
        go={leave}
        close={() => setMenuOpen(false)}
      />
      {menuOpen && <div class="veil" aria-hidden="true" onClick={() => setMenuOpen(false)} />}
      <main class="main">
        <Header
          chat={chat}
          state={state}
          exchanges={exchanges}
          menuOpen={menuOpen}
          openMenu={() => setMenuOpen(true)}
          go={leave}
        />
        {!open && <Notice deleted={conversation.deleted} newChat={() => leave(undefined)} />}
        {open && load === 'loading' && exchanges.length === 0 && <p class="loading">{t.loading}</p>}
        {blank && <EmptyState ask={send} demo={demo} />}
        {open && exchanges.length > 0 && (
          <ThreadView key={exchanges[0]?.key} chat={chat} state={state} exchanges={exchanges} refill={refill} />
        )}
        {open && (
          <Composer
            box={box}
            text={text}
            change={setText}
            send={send}
            stop={stop}
            stopping={current?.stopping ?? false}
            editLast={() => editLast()}
            hint={link.kind === 'waiting' ? t.link.offlineHint : undefined}
            demo={demo}
          />
        )}
      </main>
      <div class="visually-hidden" role="status" aria-live="polite">
        {state.announcement}
      </div>
      <Toasts chat={chat} toasts={state.toasts} />
    </div>
  );
}

/** Opens the last question for editing. */
function editLast(): void {
  const questions = document.querySelectorAll<HTMLButtonElement>(`.question button[aria-label="${t.edit}"]`);
  [...questions].at(-1)?.click();
}

function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title === undefined ? t.product : `${title} · ${t.product}`;
  }, [title]);
}

/**
 * The text in the message box, kept per session. `first`: key of the first exchange, which stays when a new chat becomes
 * a session; what is typed meanwhile goes along.
 */
function useDraft(sessionId: string | undefined, first: string | undefined) {
  const [text, setText] = useState(() => draftOf(sessionId));
  const owner = useRef({ sessionId, first });
  // Before anything is drawn, or what is typed at once would be taken for the draft of the chat before.
  useLayoutEffect(() => {
    const before = owner.current;
    owner.current = { sessionId, first };
    if (before.sessionId === sessionId) return;
    if (before.sessionId === undefined && first !== undefined && before.first === first) {
      keepDraft(undefined, '');
      keepDraft(sessionId, text);
    } else {
      setText(draftOf(sessionId));
    }
  });
  useEffect(() => keepDraft(owner.current.sessionId, text), [text]);
  return [text, setText] as const;
}
