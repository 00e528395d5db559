import type { LinkState } from '../connection/session-socket.ts';
import { t } from '../strings.ts';
import { useNow } from './use-now.ts';

interface LinkPillProps {
  readonly link: LinkState;
  /** The device says that it has no network. */
  readonly offline: boolean;
  readonly retry: () => void;
}

/** The state of the connection, always in sight and always in words. */
export function LinkPill({ link, offline, retry }: LinkPillProps) {
  const waiting = link.kind === 'waiting';
  const now = useNow(waiting);
  return (
    <div class={`pill pill-${link.kind}`}>
      <span class="dot" aria-hidden="true" />
      <span role="status" class={waiting && !offline ? 'visually-hidden' : undefined}>
        {words(link, offline)}
      </span>
      {waiting && !offline && <span aria-hidden="true">{t.link.waiting(Math.ceil((link.at - now) / 1000))}</span>}
      {waiting && (
        <button type="button" onClick={retry}>
          {t.link.retry}
        </button>
      )}
    </div>
  );
}

/** Without the countdown, which would be read aloud every second. */
function words(link: LinkState, offline: boolean): string {
  if (link.kind !== 'waiting') return t.link[link.kind];
  return offline ? t.link.offline : t.link.waiting(0);
}
