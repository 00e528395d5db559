import type { Chat } from '../connection/chat.ts';
import type { Exchange } from '../state/thread.ts';
import { Answer } from './answer.tsx';
import { memo } from './memo.ts';
import { Question } from './question.tsx';

interface ExchangeViewProps {
  readonly chat: Chat;
  readonly exchange: Exchange;
  /** True for the last one on the page: its actions are always in sight. */
  readonly last: boolean;
  readonly linked: boolean;
  readonly canAgain: boolean;
  /** Puts a text into the message box. */
  readonly refill: (text: string) => void;
}

/** A question and its answer. */
export const ExchangeView = memo(
  ({ chat, exchange, last, linked, canAgain, refill }: ExchangeViewProps) => (
    <article class={last ? 'exchange last' : 'exchange'} data-message-id={exchange.key}>
      {exchange.question !== undefined && (
        <Question chat={chat} exchange={exchange} question={exchange.question} refill={refill} />
      )}
      {(exchange.end !== undefined || exchange.running) && (
        <Answer chat={chat} exchange={exchange} linked={linked} canAgain={canAgain} />
      )}
    </article>
  ),
  (a, b) =>
    a.last === b.last &&
    a.linked === b.linked &&
    a.canAgain === b.canAgain &&
    a.refill === b.refill &&
    sameExchange(a.exchange, b.exchange),
);

function sameExchange(a: Exchange, b: Exchange): boolean {
  return (
    a.key === b.key &&
    a.turn === b.turn &&
    a.pending === b.pending &&
    a.end === b.end &&
    a.live === b.live &&
    a.status === b.status &&
    a.running === b.running &&
    a.stopping === b.stopping &&
    a.wordings.length === b.wordings.length &&
    a.wordings.at(-1) === b.wordings.at(-1)
  );
}
