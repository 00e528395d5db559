import { t } from '../strings.ts';
import { Icon } from './icon.tsx';

interface SwitcherProps {
  readonly index: number;
  readonly count: number;
  readonly earlier: string;
  readonly later: string;
  readonly go: (index: number) => void;
}

/** Goes through several versions of one thing; nothing where there is only one. */
export function Switcher({ index, count, earlier, later, go }: SwitcherProps) {
  if (count < 2) return null;
  return (
    <span class="switcher">
      <button
        type="button"
        class="icon-button"
        aria-label={earlier}
        title={earlier}
        disabled={index <= 0}
        onClick={() => go(index - 1)}
      >
        <Icon name="left" />
      </button>
      <span aria-live="polite" class="switcher-place">
        <span aria-hidden="true">
          {index + 1}/{count}
        </span>
        <span class="visually-hidden">{t.version(index + 1, count)}</span>
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label={later}
        title={later}
        disabled={index >= count - 1}
        onClick={() => go(index + 1)}
      >
        <Icon name="right" />
      </button>
    </span>
  );
}
