import { useState } from 'preact/hooks';
import type { Chat } from '../connection/chat.ts';
import { Markdown } from '../markdown/markdown.tsx';
import type { End } from '../state/conversation.ts';
import type { Exchange } from '../state/thread.ts';
import { t } from '../strings.ts';
import { CopyButton } from './copy-button.tsx';
import { figures } from './figures.ts';
import { Icon } from './icon.tsx';
import { EarlierAnswers, Progress } from './progress.tsx';
import { Switcher } from './switcher.tsx';
import { TraceDialog } from './trace-dialog.tsx';

interface AnswerProps {
  readonly chat: Chat;
  readonly exchange: Exchange;
  readonly linked: boolean;
  readonly canAgain: boolean;
}

/**
 * An answer, in the making and after: its text, or why there is none. It stays one and the same element, so that what
 * was selected or focused in it while it was written still is once it is complete.
 */
export function Answer({ chat, exchange, linked, canAgain }: AnswerProps) {
  const { key, end, live } = exchange;
  const text = end ? end.text : (live?.text ?? '');
  return (
    <div class={end ? 'answer' : `answer running ${text === '' ? '' : 'writing'}`} aria-busy={!end}>
      <h2 class="visually-hidden">{t.answered}</h2>
      {end?.kind === 'failed' ? (
        <Failure chat={chat} exchange={exchange} end={end} canAgain={canAgain} />
      ) : (
        (end !== undefined || text !== '') && (
          <div dir="auto">
            <Markdown text={text} streaming={!end} />
          </div>
        )
      )}
      {end?.kind === 'cancelled' && (
        <p class="stopped">
          <Icon name="stop" />
          {text === '' ? t.stoppedEmpty : t.stopped}
        </p>
      )}
      {end ? (
        <Actions chat={chat} exchange={exchange} end={end} canAgain={canAgain && end.kind !== 'failed'} />
      ) : (
        <>
          <Progress exchange={exchange} linked={linked} />
          <EarlierAnswers exchange={exchange} go={(index) => chat.chooseEnd(key, index)} />
        </>
      )}
    </div>
  );
}

interface EndedProps {
  readonly chat: Chat;
  readonly exchange: Exchange;
  readonly end: End;
  readonly canAgain: boolean;
}

function Failure({ chat, exchange, end, canAgain }: EndedProps & { readonly end: End & { kind: 'failed' } }) {
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

function Actions({ chat, exchange, end, canAgain }: EndedProps) {
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
