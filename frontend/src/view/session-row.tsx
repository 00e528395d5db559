import { useState } from 'preact/hooks';
import type { Chat } from '../connection/chat.ts';
import type { SessionSummary } from '../connection/read-http.ts';
import { t } from '../strings.ts';
import { Menu } from './menu.tsx';
import { RenameForm } from './rename-form.tsx';

interface SessionRowProps {
  readonly chat: Chat;
  readonly session: SessionSummary;
  readonly title: string;
  readonly current: boolean;
  readonly go: (sessionId: string | undefined) => void;
}

/** One chat in the list. */
export function SessionRow({ chat, session: { session_id }, title, current, go }: SessionRowProps) {
  const [renaming, setRenaming] = useState(false);
  if (renaming) {
    return (
      <li class="session renaming">
        <RenameForm
          title={title}
          done={(name) => {
            setRenaming(false);
            if (name !== undefined) void chat.directory.rename(session_id, name);
          }}
        />
      </li>
    );
  }
  return (
    <li class={current ? 'session current' : 'session'}>
      <a
        href={`/s/${session_id}`}
        aria-current={current ? 'page' : undefined}
        title={title}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          go(session_id);
        }}
      >
        {title}
      </a>
      <Menu
        label={t.chatMenu(title)}
        icon="more"
        entries={[
          { label: t.rename, icon: 'edit', run: () => setRenaming(true) },
          {
            label: t.delete,
            icon: 'bin',
            danger: true,
            run: () => {
              if (current) go(undefined);
              chat.directory.remove(session_id, title);
            },
          },
        ]}
      />
    </li>
  );
}
