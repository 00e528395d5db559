import { useState } from 'preact/hooks';
import type { Chat } from '../connection/chat.ts';
import type { Pending } from '../state/conversation.ts';
import type { Exchange } from '../state/thread.ts';
import { t } from '../strings.ts';
import { CopyButton } from './copy-button.tsx';
import { EditForm } from './edit-form.tsx';
import { formatMoment } from './formats.ts';
import { Icon } from './icon.tsx';
import { Switcher } from './switcher.tsx';

interface QuestionProps {
  readonly chat: Chat;
  readonly exchange: Exchange;
  readonly question: string;
  readonly refill: (text: string) => void;
}

/** What was asked, with its way to the server while it is on it. */
export function Question({ chat, exchange, question, refill }: QuestionProps) {
  const [editing, setEditing] = useState(false);
  const { key, pending, turn, wordings, at } = exchange;
  if (editing) {
    return (
      <EditForm
        text={question}
        done={(text) => {
          setEditing(false);
          if (text !== undefined && text.trim() !== '') chat.ask(text, key);
        }}
      />
    );
  }
  const wording = wordings.indexOf(key);
  return (
    <div class={`question ${pending ? pending.state : 'sent'}`}>
      <h2 class="visually-hidden">{t.youAsked}</h2>
      <div class="bubble" dir="auto" title={formatMoment(at)}>
        {question}
      </div>
      {pending ? (
        <Way chat={chat} pending={pending} refill={refill} />
      ) : (
        <div class="actions">
          <CopyButton text={question} label={t.copy} />
          <button type="button" class="icon-button" title={t.edit} aria-label={t.edit} onClick={() => setEditing(true)}>
            <Icon name="edit" />
          </button>
          <Switcher
            index={wording}
            count={wordings.length}
            earlier={t.earlierWording}
            later={t.laterWording}
            go={(index) => chat.chooseTurn(turn?.parent, wordings[index] ?? key)}
          />
        </div>
      )}
    </div>
  );
}

interface WayProps {
  readonly chat: Chat;
  readonly pending: Pending;
  readonly refill: (text: string) => void;
}

function Way({ chat, pending: { message_id, message, state, code = '', reason }, refill }: WayProps) {
  if (state === 'accepted') return null;
  const takeBack = () => {
    chat.withdraw(message_id);
    refill(message);
  };
  if (state === 'rejected') {
    return (
      <div class="way rejected" role="alert">
        <Icon name="alert" />
        <span>{t.rejections[code] ?? (reason || t.failure)}</span>
        <button type="button" onClick={takeBack}>
          {t.editRejected}
        </button>
      </div>
    );
  }
  return (
    <div class="way">
      <Icon name="clock" />
      <span>{state === 'waiting' ? t.state.waiting : t.state.sent}</span>
      {state === 'waiting' && (
        <button type="button" onClick={takeBack}>
          {t.takeBack}
        </button>
      )}
    </div>
  );
}
