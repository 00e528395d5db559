import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { t } from '../strings.ts';
import { fitHeight } from './fit-height.ts';
import { Icon } from './icon.tsx';

/** Bytes of UTF-8 in one question: the server's limit. */
const mostBytes = 100_000;

interface ComposerProps {
  readonly box: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  readonly change: (text: string) => void;
  readonly send: (text: string) => void;
  /** Stops the answer that is being made; none when there is nothing to stop. */
  readonly stop: (() => void) | undefined;
  readonly stopping: boolean;
  readonly editLast: (() => void) | undefined;
  readonly hint: string | undefined;
  /** The answers come from the demo model. */
  readonly demo: boolean;
}

/** The message box. Enter sends on a keyboard, and makes a new line on a phone, where there is a button. */
export function Composer({ box, text, change, send, stop, stopping, editLast, hint, demo }: ComposerProps) {
  const [touch] = useState(() => matchMedia('(pointer: coarse)').matches);
  const bytes = useBytes(text);
  const tooLong = bytes > mostBytes;
  const empty = text.trim() === '';
  useLayoutEffect(() => {
    if (box.current) fitHeight(box.current);
  }, [text]);
  const submit = () => {
    if (empty || tooLong) return;
    send(text.trim());
    box.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && !touch) {
      event.preventDefault();
      submit();
    } else if (event.key === 'ArrowUp' && text === '' && editLast) {
      event.preventDefault();
      editLast();
    }
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div class={tooLong ? 'composer-box too-long' : 'composer-box'}>
        <textarea
          id="message"
          ref={box}
          rows={1}
          dir="auto"
          aria-label={t.ask}
          aria-invalid={tooLong}
          aria-describedby="composer-note"
          placeholder={t.askPlaceholder}
          value={text}
          enterkeyhint={touch ? 'enter' : 'send'}
          onInput={({ currentTarget }) => change(currentTarget.value)}
          onKeyDown={press}
        />
        {stop && empty ? (
          <button
            type="button"
            class="send"
            aria-label={stopping ? t.stopping : t.stop}
            title={t.stop}
            aria-disabled={stopping}
            onClick={stop}
          >
            <Icon name="stop" />
          </button>
        ) : (
          <button type="submit" class="send" aria-label={t.send} title={t.send} aria-disabled={empty || tooLong}>
            <Icon name="up" />
          </button>
        )}
      </div>
      <Note bytes={tooLong ? bytes : undefined} hint={hint} demo={demo} />
    </form>
  );
}

interface NoteProps {
  /** Size of a text that is too long. */
  readonly bytes: number | undefined;
  readonly hint: string | undefined;
  readonly demo: boolean;
}

/** The line below the box: the one thing to know now. */
function Note({ bytes, hint, demo }: NoteProps) {
  const kind = bytes !== undefined ? 'error' : hint === undefined && demo ? 'demo' : '';
  const words = bytes !== undefined ? t.tooLong(bytes, mostBytes) : (hint ?? (demo ? t.demo : t.noteEnter));
  return (
    <p id="composer-note" class={`note ${kind}`}>
      {words}
    </p>
  );
}

/** Bytes of a text in UTF-8, counted only where it may matter. */
function useBytes(text: string): number {
  const [bytes, setBytes] = useState(0);
  useEffect(() => setBytes(text.length * 3 < mostBytes ? 0 : new TextEncoder().encode(text).length), [text]);
  return bytes;
}
