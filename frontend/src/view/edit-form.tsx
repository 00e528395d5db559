import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../strings.ts';
import { fitHeight } from './fit-height.ts';

interface EditFormProps {
  readonly text: string;
  /** Called with the new wording, or with nothing when it was given up. */
  readonly done: (text: string | undefined) => void;
}

/** A question being reworded, in its place. */
export function EditForm({ text, done }: EditFormProps) {
  const box = useRef<HTMLTextAreaElement>(null);
  // Before it is drawn: what is typed at once must not meet a caret that moves.
  useLayoutEffect(() => {
    const area = box.current;
    if (!area) return;
    fitHeight(area);
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  }, []);
  return (
    <form
      class="edit"
      onSubmit={(event) => {
        event.preventDefault();
        done(box.current?.value);
      }}
    >
      <textarea
        ref={box}
        aria-label={t.editLabel}
        defaultValue={text}
        dir="auto"
        onInput={({ currentTarget }) => fitHeight(currentTarget)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            done(undefined);
          } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            done(event.currentTarget.value);
          }
        }}
      />
      <div class="edit-actions">
        <button type="button" class="button" onClick={() => done(undefined)}>
          {t.cancel}
        </button>
        <button type="submit" class="button primary">
          {t.sendEdit}
        </button>
      </div>
    </form>
  );
}
