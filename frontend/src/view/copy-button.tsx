import { useEffect, useState } from 'preact/hooks';
import { t } from '../strings.ts';
import { Icon } from './icon.tsx';

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
}

/** Copies a text, and says for a moment that it did. */
export function CopyButton({ text, label }: CopyButtonProps) {
  const [state, setState] = useState<'idle' | 'done' | 'refused'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const back = setTimeout(() => setState('idle'), 2_000);
    return () => clearTimeout(back);
  }, [state]);
  const copy = () =>
    copyText(text).then(
      () => setState('done'),
      () => setState('refused'),
    );
  const words = state === 'idle' ? label : state === 'done' ? t.copied : t.copyFailed;
  return (
    <button type="button" class="icon-button" title={words} aria-label={words} onClick={() => void copy()}>
      <Icon name={state === 'done' ? 'check' : 'copy'} />
      <span role="status" class="visually-hidden">
        {state === 'idle' ? '' : words}
      </span>
    </button>
  );
}

/** The clipboard's own way, or, where a page may not use it (plain http), by selecting. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('refused');
}
