import { useEffect, useRef } from 'preact/hooks';
import { t } from '../strings.ts';

/** Characters of a title, as the server has it. */
const mostTitle = 200;

interface RenameFormProps {
  readonly title: string;
  /** Called with the new title, or with nothing when it was given up. */
  readonly done: (title: string | undefined) => void;
}

/** A field in place of a title. Enter and leaving it keep the new name, Escape does not. */
export function RenameForm({ title, done }: RenameFormProps) {
  const field = useRef<HTMLInputElement>(null);
  const finished = useRef(false);
  useEffect(() => field.current?.select(), []);
  const finish = (name: string | undefined) => {
    if (finished.current) return;
    finished.current = true;
    done(name?.trim() || undefined);
  };
  return (
    <form
      class="rename"
      onSubmit={(event) => {
        event.preventDefault();
        finish(field.current?.value);
      }}
    >
      <input
        ref={field}
        aria-label={t.renameLabel}
        defaultValue={title}
        maxLength={mostTitle}
        onBlur={({ currentTarget }) => finish(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          finish(undefined);
        }}
      />
    </form>
  );
}
