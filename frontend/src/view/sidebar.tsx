import { useState } from 'preact/hooks';
import type { Chat } from '../connection/chat.ts';
import type { AppState } from '../state/app-state.ts';
import { grouped } from '../state/session-list.ts';
import { t } from '../strings.ts';
import { Icon } from './icon.tsx';
import { SessionRow } from './session-row.tsx';
import { SidebarFoot } from './sidebar-foot.tsx';
import { titleOf } from './title-of.ts';

interface SidebarProps {
  readonly chat: Chat;
  readonly state: AppState;
  /** The open chat's, for as long as it has no title. */
  readonly firstQuestion: string | undefined;
  readonly go: (sessionId: string | undefined) => void;
  readonly close: () => void;
}

/** The list of chats: new, search, and what can be done with each. */
export function Sidebar({ chat, state, firstQuestion, go, close }: SidebarProps) {
  const [search, setSearch] = useState('');
  const { list, sessionId } = state;
  const groups = grouped(list, search, new Date());
  return (
    <nav id="chats" class="sidebar" aria-label={t.sessions}>
      <div class="sidebar-head">
        <span class="brand">{t.product}</span>
        <button
          type="button"
          class="icon-button only-phone"
          aria-label={t.closeMenu}
          title={t.closeMenu}
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </div>
      <button type="button" class="new-chat" onClick={() => go(undefined)}>
        <Icon name="plus" />
        {t.newChat}
      </button>
      <label class="search">
        <Icon name="search" />
        <input
          id="search"
          type="search"
          placeholder={t.searchChats}
          aria-label={t.searchChats}
          value={search}
          onInput={({ currentTarget }) => {
            setSearch(currentTarget.value);
            if (list.cursor !== undefined) void chat.directory.more();
          }}
        />
      </label>
      <div class="sessions">
        {groups.map(({ period, sessions }) => (
          <section key={period} aria-label={t.periods[period]}>
            <h2>{t.periods[period]}</h2>
            <ul>
              {sessions.map((session) => (
                <SessionRow
                  key={session.session_id}
                  chat={chat}
                  session={session}
                  title={titleOf(session, session.session_id === sessionId ? firstQuestion : undefined)}
                  current={session.session_id === sessionId}
                  go={go}
                />
              ))}
            </ul>
          </section>
        ))}
        <Remark list={list} found={groups.length > 0} search={search} />
        {list.cursor !== undefined && (
          <button type="button" class="text-button" onClick={() => void chat.directory.more()}>
            {t.loadMore}
          </button>
        )}
      </div>
      <SidebarFoot />
    </nav>
  );
}

function Remark({ list, found, search }: { list: AppState['list']; found: boolean; search: string }) {
  if (found) return null;
  if (list.state === 'loading') return <div class="skeleton" aria-hidden="true" />;
  const words = list.state === 'failed' ? t.listFailed : search.trim() ? t.noMatch(search.trim()) : t.noChats;
  return <p class="remark">{words}</p>;
}
