import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Chat } from '../connection/chat.ts';
import type { AppState } from '../state/app-state.ts';
import type { Exchange } from '../state/thread.ts';
import { t } from '../strings.ts';
import { ExchangeView } from './exchange.tsx';
import { Icon } from './icon.tsx';
import { useStickToEnd } from './use-stick-to-end.ts';

/** Exchanges that are drawn at first; more are drawn when they are asked for. */
const drawnAtFirst = 40;

interface ThreadViewProps {
  readonly chat: Chat;
  readonly state: AppState;
  readonly exchanges: readonly Exchange[];
  readonly refill: (text: string) => void;
}

/**
 * The conversation. It is a log to screen readers, but not a live one: a finished answer is announced once, elsewhere,
 * instead of word by word here.
 */
export function ThreadView({ chat, state, exchanges, refill }: ThreadViewProps) {
  const [drawn, setDrawn] = useState(drawnAtFirst);
  const scroller = useRef<HTMLDivElement>(null);
  const { atEnd, toEnd } = useStickToEnd(scroller, exchanges.at(-1)?.key);
  const shown = exchanges.slice(-drawn);
  const keepPlace = useKeepPlace(scroller, shown[0]?.key);
  return (
    <div class="scroller" ref={scroller}>
      <div class="thread" role="log" aria-live="off" aria-label={t.conversation} aria-busy={exchanges.some(isRunning)}>
        {shown.length < exchanges.length && (
          <button
            type="button"
            class="text-button earlier"
            onClick={() => {
              keepPlace();
              setDrawn(drawn + drawnAtFirst);
            }}
          >
            {t.earlier}
          </button>
        )}
        {shown.map((exchange, index) => (
          <ExchangeView
            key={exchange.key}
            chat={chat}
            exchange={exchange}
            last={index === shown.length - 1}
            linked={state.link.kind === 'open'}
            canAgain={!state.unsupported.has('regenerate')}
            refill={refill}
          />
        ))}
      </div>
      {!atEnd && (
        <button type="button" class="to-end" aria-label={t.latest} title={t.latest} onClick={toEnd}>
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

function isRunning({ running }: Exchange): boolean {
  return running;
}

/** Keeps what is in sight where it is when something is added above it. */
function useKeepPlace(scroller: RefObject<HTMLElement | null>, first: string | undefined): () => void {
  const fromEnd = useRef<number | undefined>(undefined);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && fromEnd.current !== undefined) element.scrollTop = element.scrollHeight - fromEnd.current;
    fromEnd.current = undefined;
  }, [first]);
  return () => {
    const element = scroller.current;
    if (element) fromEnd.current = element.scrollHeight - element.scrollTop;
  };
}
