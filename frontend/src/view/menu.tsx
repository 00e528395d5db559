import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icon.tsx';

export interface MenuEntry {
  readonly label: string;
  readonly icon?: IconName;
  readonly danger?: boolean;
  readonly checked?: boolean;
  readonly run: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly icon: IconName;
  readonly entries: readonly MenuEntry[];
  /** Opens upwards: for buttons at the bottom of the page. */
  readonly up?: boolean;
  readonly text?: string;
}

/** A button that opens a menu: arrows, Home and End move in it, Escape and a click elsewhere close it. */
export function Menu({ label, icon, entries, up = false, text }: MenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const close = (back: boolean) => {
    setOpen(false);
    if (back) button.current?.focus();
  };
  useLayoutEffect(() => {
    if (!open || !button.current || !list.current) return;
    place(list.current, button.current.getBoundingClientRect(), up);
    items(list.current)[0]?.focus();
  }, [open, up]);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      const inside = event.target instanceof Node && list.current?.contains(event.target);
      if (!inside && !(event.target instanceof Node && button.current?.contains(event.target))) close(false);
    };
    document.addEventListener('pointerdown', away);
    addEventListener('resize', away);
    return () => {
      document.removeEventListener('pointerdown', away);
      removeEventListener('resize', away);
    };
  }, [open]);
  return (
    <div class="menu">
      <button
        ref={button}
        type="button"
        class={text === undefined ? 'icon-button' : 'text-button'}
        aria-label={text === undefined ? label : undefined}
        title={text === undefined ? label : undefined}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name={icon} />
        {text}
      </button>
      {open && (
        <div ref={list} role="menu" aria-label={label} class="menu-list" onKeyDown={(event) => move(event, close)}>
          {entries.map((entry) => (
            // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role is one that has it whenever it is set
            <button
              key={entry.label}
              type="button"
              role={entry.checked === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={entry.checked}
              tabIndex={-1}
              class={entry.danger ? 'danger' : undefined}
              onClick={() => {
                close(true);
                entry.run();
              }}
            >
              {entry.icon && <Icon name={entry.icon} />}
              {entry.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function items(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>('button')];
}

function move(event: KeyboardEvent & { currentTarget: HTMLElement }, close: (back: boolean) => void): void {
  const all = items(event.currentTarget);
  const at = document.activeElement instanceof HTMLElement ? all.indexOf(document.activeElement) : -1;
  const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
  const target = targets[event.key];
  if (target !== undefined) {
    event.preventDefault();
    all.at(target % all.length)?.focus();
  } else if (event.key === 'Escape' || event.key === 'Tab') {
    event.stopPropagation();
    if (event.key === 'Escape') event.preventDefault();
    close(event.key === 'Escape');
  }
}

/** Puts the list beside its button, inside the window. */
function place(list: HTMLElement, anchor: DOMRect, up: boolean): void {
  const { width, height } = list.getBoundingClientRect();
  const left = Math.min(Math.max(8, anchor.right - width), innerWidth - width - 8);
  const below = anchor.bottom + 4;
  const fits = !up && below + height < innerHeight - 8;
  list.style.left = `${Math.max(8, left)}px`;
  list.style.top = `${fits ? below : Math.max(8, anchor.top - height - 4)}px`;
}
