import { useState } from 'preact/hooks';
import type { Chat } from '../connection/chat.ts';
import { Markdown } from '../markdown/markdown.tsx';
import type { End } from '../state/conversation.ts';
import type { Exchange } from '../state/thread.ts';
import { t } from '../strings.ts';
import { CopyButton } from './copy-button.tsx';
import { figures } from './figures.ts';
import { Icon } from './icon.tsx';
import { Switcher } from './switcher.tsx';
import { TraceDialog } from './trace-dialog.tsx';

interface AnswerProps {
  readonly chat: Chat;
  readonly exchange: Exchange;
  readonly end: End;
  readonly canAgain: boolean;
}

/** How a question ended: its answer, what had been written when it was stopped, or why there is none. */
export function Answer({ chat, exchange, end, canAgain }: AnswerProps) {
  return (
    <div class="answer">
      <h2 class="visually-hidden">{t.answered}</h2>
      {end.kind === 'failed' ? (
        <Failure chat={chat} exchange={exchange} end={end} canAgain={canAgain} />
      ) : (
        <div dir="auto">
          <Markdown text={end.text} />
        </div>
      )}
      {end.kind === 'cancelled' && (
        <p class="stopped">
          <Icon name="stop" />
          {end.text === '' ? t.stoppedEmpty : t.stopped}
        </p>
      )}
      <Actions chat={chat} exchange={exchange} end={end} canAgain={canAgain && end.kind !== 'failed'} />
    </div>
  );
}

function Failure({ chat, exchange, end, canAgain }: AnswerProps & { readonly end: End & { kind: 'failed' } }) {
  const plain = t.failures[end.code];
  // What passes needs no details; what has to be set right does.
  const detail = plain !== undefined && !end.retryable && end.text !== plain ? end.text : '';
  const retry = () => (canAgain ? chat.again(exchange.key) : chat.ask(exchange.question ?? '', exchange.key));
  return (
    <div class="failure">
      <Icon name="alert" />
      <div>
        <p>{plain ?? (end.text || t.failure)}</p>
        {detail !== '' && <p class="quiet">{detail}</p>}
      </div>
      {end.retryable && !exchange.running && exchange.question !== undefined && (
        <button type="button" class="button" onClick={retry}>
          {t.retry}
        </button>
      )}
    </div>
  );
}

function Actions({ chat, exchange, end, canAgain }: AnswerProps) {
  const [tracing, setTracing] = useState(false);
  const { key, turn, endIndex, running } = exchange;
  return (
    <div class="actions">
      {end.text !== '' && end.kind !== 'failed' && <CopyButton text={end.text} label={t.copy} />}
      {canAgain && !running && turn?.question !== undefined && (
        <button type="button" class="icon-button" title={t.again} aria-label={t.again} onClick={() => chat.again(key)}>
          <Icon name="again" />
        </button>
      )}
      <button type="button" class="icon-button" title={t.route} aria-label={t.route} onClick={() => setTracing(true)}>
        <Icon name="route" />
      </button>
      <Switcher
        index={endIndex}
        count={(turn?.ends.length ?? 0) + (running ? 1 : 0)}
        earlier={t.earlierAnswer}
        later={t.laterAnswer}
        go={(index) => chat.chooseEnd(key, index)}
      />
      <span class="figures">{figures(end, turn)}</span>
      {tracing && <TraceDialog chat={chat} messageId={key} close={() => setTracing(false)} />}
    </div>
  );
}
