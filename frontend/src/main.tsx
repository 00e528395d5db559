import { render } from 'preact';
import { Chat } from './connection/chat.ts';
import { Http } from './connection/http.ts';
import { Outbox } from './connection/outbox.ts';
import { App } from './view/app.tsx';
import { lastSession, rememberSession } from './view/last-session.ts';
import { pathOf, sessionIn } from './view/route.ts';
import { browserStorage } from './view/storage.ts';
import { watchSurroundings } from './view/surroundings.ts';

const others = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('switchboard');
const outbox = new Outbox(browserStorage());

const chat = new Chat({
  http: new Http(),
  outbox,
  wsOrigin: location.origin.replace(/^http/, 'ws'),
  show,
  tellOthers: () => others?.postMessage('list'),
});

function show(sessionId: string | undefined, replace: boolean): void {
  rememberSession(sessionId);
  const path = pathOf(sessionId);
  if (path === location.pathname) return;
  if (replace) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
}

function go(sessionId: string | undefined): void {
  show(sessionId, false);
  chat.open(sessionId);
}

/** The session in the address; at the bare address, the one that was open last, unless questions wait for a new one. */
function first(): string | undefined {
  if (location.pathname !== '/' || outbox.list('').length > 0) return sessionIn(location.pathname);
  return lastSession();
}

const opened = first();
if (opened !== undefined) show(opened, true);
chat.open(opened);
void chat.start();
others?.addEventListener('message', () => void chat.refresh());
addEventListener('popstate', () => chat.open(sessionIn(location.pathname)));
watchSurroundings(chat);
const root = document.getElementById('app');
if (root) render(<App chat={chat} go={go} />, root);
