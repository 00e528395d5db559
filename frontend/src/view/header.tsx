import { useState } from 'preact/hooks';
import type { Chat } from '../connection/chat.ts';
import type { AppState } from '../state/app-state.ts';
import { fileName, toJson, toMarkdown } from '../state/export.ts';
import type { Exchange } from '../state/thread.ts';
import { t } from '../strings.ts';
import { download } from './download.ts';
import { Icon } from './icon.tsx';
import { LinkPill } from './link-pill.tsx';
import { Menu, type MenuEntry } from './menu.tsx';
import { RenameForm } from './rename-form.tsx';
import { titleOf } from './title-of.ts';

interface HeaderProps {
  readonly chat: Chat;
  readonly state: AppState;
  readonly exchanges: readonly Exchange[];
  readonly menuOpen: boolean;
  readonly openMenu: () => void;
  readonly go: (sessionId: string | undefined) => void;
}

/** The chat's name, the state of the connection, and what can be done with the chat. */
export function Header({ chat, state, exchanges, menuOpen, openMenu, go }: HeaderProps) {
  const [renaming, setRenaming] = useState(false);
  const { sessionId, list, link, offline, load } = state;
  const title = titleOf(
    list.sessions.find(({ session_id }) => session_id === sessionId),
    exchanges[0]?.question,
  );
  return (
    <header class="header">
      <button
        type="button"
        class="icon-button only-phone"
        aria-label={t.openMenu}
        title={t.openMenu}
        aria-expanded={menuOpen}
        aria-controls="chats"
        onClick={openMenu}
      >
        <Icon name="menu" />
      </button>
      {renaming && sessionId !== undefined ? (
        <RenameForm
          title={title}
          done={(name) => {
            setRenaming(false);
            if (name !== undefined) void chat.directory.rename(sessionId, name);
          }}
        />
      ) : (
        <h1 title={title}>{title}</h1>
      )}
      <LinkPill link={link} offline={offline} retry={() => chat.probe()} />
      {sessionId !== undefined && load !== 'missing' && (
        <Menu
          label={t.chatMenu(title)}
          icon="more"
          entries={entries({ chat, sessionId, title, exchanges, go, rename: () => setRenaming(true) })}
        />
      )}
    </header>
  );
}

interface Subject {
  readonly chat: Chat;
  readonly sessionId: string;
  readonly title: string;
  readonly exchanges: readonly Exchange[];
  readonly go: (sessionId: string | undefined) => void;
  readonly rename: () => void;
}

function entries({ chat, sessionId, title, exchanges, go, rename }: Subject): MenuEntry[] {
  const session = { session_id: sessionId, title };
  return [
    { label: t.rename, icon: 'edit', run: rename },
    {
      label: t.exportMarkdown,
      icon: 'down',
      run: () => download(fileName(title, 'md'), 'text/markdown', toMarkdown(title, exchanges, t)),
    },
    {
      label: t.exportJson,
      icon: 'down',
      run: () => download(fileName(title, 'json'), 'application/json', toJson(session, exchanges)),
    },
    { label: t.forget, icon: 'again', run: () => void chat.forget(sessionId) },
    {
      label: t.delete,
      icon: 'bin',
      danger: true,
      run: () => {
        go(undefined);
        chat.directory.remove(sessionId, title);
      },
    },
  ];
}
